import io.github.migrationguard.stock.Calls;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DependsOn;
import org.springframework.jdbc.core.JdbcTemplate;

final class Child {

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Worker {

		@Bean
		@DependsOn("flywayInitializer")
		Object jobs(JdbcTemplate jdbcTemplate) {
			Calls.record("jobs " + jdbcTemplate.queryForList("select name from jobs", String.class));
			return "jobs";
		}

	}

}
