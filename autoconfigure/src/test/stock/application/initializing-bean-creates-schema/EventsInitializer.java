import javax.sql.DataSource;

import org.springframework.beans.factory.InitializingBean;
import org.springframework.jdbc.core.JdbcTemplate;

class EventsInitializer implements InitializingBean {

	private final DataSource dataSource;

	EventsInitializer(DataSource dataSource) {
		this.dataSource = dataSource;
	}

	@Override
	public void afterPropertiesSet() {
		JdbcTemplate jdbcTemplate = new JdbcTemplate(this.dataSource);
		jdbcTemplate.execute("create schema if not exists events");
		jdbcTemplate.execute("create table if not exists events.event_publication (id uuid primary key)");
	}

}
