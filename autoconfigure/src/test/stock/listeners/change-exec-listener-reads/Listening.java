import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Map;

import javax.sql.DataSource;

import io.github.migrationguard.stock.Calls;

import org.springframework.beans.factory.annotation.*;
import org.springframework.context.annotation.*;
import org.springframework.jdbc.core.JdbcTemplate;

@Configuration(proxyBeanMethods = false)
public class Listening {

	@Bean
	org.springframework.boot.liquibase.autoconfigure.LiquibaseConnectionDetails details(org.springframework.core.env.Environment environment) {
		return new org.springframework.boot.liquibase.autoconfigure.LiquibaseConnectionDetails() {

			@Override
			public String getUsername() {
				return environment.getProperty("stock.username");
			}

			@Override
			public String getPassword() {
				return environment.getProperty("stock.password");
			}

			@Override
			public String getJdbcUrl() {
				return environment.getProperty("stock.url");
			}

		};
	}

	@Bean
	liquibase.integration.spring.Customizer<liquibase.Liquibase> listening(DataSource dataSource) {
		JdbcTemplate jdbcTemplate = new JdbcTemplate(dataSource);
		return (liquibase) -> liquibase.setChangeExecListener(new liquibase.changelog.visitor.AbstractChangeExecListener() {

			@Override
			public void ran(liquibase.changelog.ChangeSet changeSet, liquibase.changelog.DatabaseChangeLog changeLog,
					liquibase.database.Database database, liquibase.changelog.ChangeSet.ExecType type) {
				Calls.record(changeSet.getId() + ": " + jdbcTemplate.queryForList("select count(*) from customers"));
			}

		});
	}

}
