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
public class Own {

	@Bean
	liquibase.integration.spring.SpringLiquibase liquibase(DataSource dataSource) {
		liquibase.integration.spring.SpringLiquibase liquibase = new liquibase.integration.spring.SpringLiquibase() {

			@Override
			protected liquibase.Liquibase createLiquibase(Connection connection) throws liquibase.exception.LiquibaseException {
				Calls.record("creates");
				return super.createLiquibase(connection);
			}

			@Override
			protected liquibase.database.Database createDatabase(Connection connection, liquibase.resource.ResourceAccessor resourceAccessor) throws liquibase.exception.DatabaseException {
				Calls.record("creates a database");
				return super.createDatabase(connection, resourceAccessor);
			}

		};
		liquibase.setDataSource(dataSource);
		liquibase.setChangeLog("classpath:db/changelog/db.changelog-master.yaml");
		return liquibase;
	}

}
