import io.github.migrationguard.stock.Calls;

import org.springframework.context.event.ContextRefreshedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

@Component
class Flags {

	private final JdbcTemplate jdbcTemplate;

	Flags(JdbcTemplate jdbcTemplate) {
		this.jdbcTemplate = jdbcTemplate;
	}

	@EventListener(ContextRefreshedEvent.class)
	void read() {
		Calls.record("flags " + this.jdbcTemplate.queryForList("select name from flags order by name", String.class));
	}

}
