import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

import javax.sql.DataSource;

import io.github.migrationguard.stock.Calls;

import org.springframework.boot.flyway.autoconfigure.FlywayConfigurationCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DelegatingDataSource;

@Configuration(proxyBeanMethods = false)
class Source {

	@Bean
	FlywayConfigurationCustomizer ownSource() {
		return (configuration) -> configuration.dataSource(new DelegatingDataSource(configuration.getDataSource()) {

			@Override
			public Connection getConnection() throws SQLException {
				Connection connection = super.getConnection();
				try (Statement statement = connection.createStatement()) {
					statement.execute("set app.source = 'wrapped'");
				}
				return connection;
			}

		});
	}

	@Bean
	Object reader(JdbcTemplate jdbcTemplate) {
		Calls.record("flags " + jdbcTemplate.queryForList("select name from flags", String.class));
		return "reader";
	}

}
