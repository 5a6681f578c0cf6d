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
	org.flywaydb.core.Flyway flyway(DataSource dataSource) {
		return org.flywaydb.core.Flyway.configure(Thread.currentThread().getContextClassLoader()).dataSource(dataSource).schemas("mine").load();
	}

	@Bean
	org.springframework.boot.flyway.autoconfigure.FlywayMigrationInitializer initializer(org.flywaydb.core.Flyway flyway) {
		return new org.springframework.boot.flyway.autoconfigure.FlywayMigrationInitializer(flyway);
	}

}
