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
	@Primary
	org.flywaydb.core.Flyway one(DataSource dataSource) {
		return org.flywaydb.core.Flyway.configure(Thread.currentThread().getContextClassLoader()).dataSource(dataSource).schemas("one").load();
	}

	@Bean
	org.flywaydb.core.Flyway two(DataSource dataSource) {
		return org.flywaydb.core.Flyway.configure(Thread.currentThread().getContextClassLoader()).dataSource(dataSource).schemas("two").load();
	}

	@Bean
	org.springframework.boot.flyway.autoconfigure.FlywayMigrationInitializer first(@Qualifier("one") org.flywaydb.core.Flyway flyway) {
		return new org.springframework.boot.flyway.autoconfigure.FlywayMigrationInitializer(flyway);
	}

	@Bean
	@DependsOn("first")
	org.springframework.boot.flyway.autoconfigure.FlywayMigrationInitializer second(@Qualifier("two") org.flywaydb.core.Flyway flyway) {
		return new org.springframework.boot.flyway.autoconfigure.FlywayMigrationInitializer(flyway, (one) -> {
			Calls.record("second");
			one.migrate();
		});
	}

}
