import javax.sql.DataSource;

import io.github.migrationguard.stock.Calls;
import org.flywaydb.core.Flyway;

import org.springframework.beans.factory.annotation.*;
import org.springframework.boot.flyway.autoconfigure.FlywayMigrationInitializer;
import org.springframework.context.annotation.*;
import org.springframework.jdbc.core.JdbcTemplate;

@Configuration(proxyBeanMethods = false)
public class Two {

	@Bean
	FlywayMigrationInitializer one(DataSource dataSource) {
		return initializer(dataSource, "one");
	}

	@Bean
	@DependsOn("one")
	Object reader(DataSource dataSource) {
		Calls.record("a has " + new JdbcTemplate(dataSource).queryForObject("select count(*) from a", Integer.class));
		return "reader";
	}

	@Bean
	@DependsOn("reader")
	FlywayMigrationInitializer two(DataSource dataSource) {
		return initializer(dataSource, "two");
	}

	private static FlywayMigrationInitializer initializer(DataSource dataSource, String name) {
		return new FlywayMigrationInitializer(Flyway.configure(Thread.currentThread().getContextClassLoader())
			.dataSource(dataSource)
			.locations("classpath:db/" + name)
			.ignoreMigrationPatterns("*:missing", "*:future")
			.load());
	}

}
