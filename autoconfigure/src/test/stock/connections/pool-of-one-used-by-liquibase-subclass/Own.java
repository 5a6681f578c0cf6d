import java.sql.Connection;

import javax.sql.DataSource;

import io.github.migrationguard.stock.Calls;
import liquibase.exception.LiquibaseException;
import liquibase.integration.spring.SpringLiquibase;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

@Component
public class Own extends SpringLiquibase {

	private final JdbcTemplate jdbcTemplate;

	Own(DataSource dataSource, JdbcTemplate jdbcTemplate) {
		this.jdbcTemplate = jdbcTemplate;
		setDataSource(dataSource);
		setChangeLog("classpath:db/changelog/db.changelog-master.yaml");
	}

	@Override
	public void afterPropertiesSet() throws LiquibaseException {
		Calls.record("tables " + this.jdbcTemplate.queryForObject("select count(*) from pg_tables where schemaname = 'public'", Integer.class));
		super.afterPropertiesSet();
		Calls.record("flags " + this.jdbcTemplate.queryForList("select name from flags", String.class));
	}

}
