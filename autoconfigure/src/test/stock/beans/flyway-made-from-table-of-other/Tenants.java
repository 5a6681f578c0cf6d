import javax.sql.DataSource;

import io.github.migrationguard.stock.Calls;
import org.flywaydb.core.Flyway;

import org.springframework.boot.flyway.autoconfigure.FlywayMigrationInitializer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DependsOn;
import org.springframework.jdbc.core.JdbcTemplate;

@Configuration(proxyBeanMethods = false)
class Tenants {

	@Bean
	@DependsOn("flywayInitializer")
	Flyway tenantFlyway(DataSource dataSource) {
		String[] schemas = new JdbcTemplate(dataSource).queryForList("select name from tenants order by name", String.class)
			.toArray(String[]::new);
		Calls.record("tenants " + String.join(",", schemas));
		return Flyway.configure().dataSource(dataSource).locations("classpath:tenants").schemas(schemas).load();
	}

	@Bean
	FlywayMigrationInitializer tenantInitializer(Flyway tenantFlyway) {
		return new FlywayMigrationInitializer(tenantFlyway);
	}

	@Bean
	@org.springframework.context.annotation.Primary
	Flyway flyway(DataSource dataSource) {
		return Flyway.configure().dataSource(dataSource).locations("classpath:db/migration").load();
	}

	@Bean
	FlywayMigrationInitializer flywayInitializer(Flyway flyway) {
		return new FlywayMigrationInitializer(flyway);
	}

}
