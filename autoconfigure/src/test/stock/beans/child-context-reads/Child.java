import io.github.migrationguard.stock.Calls;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.ContextRefreshedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.JdbcTemplate;

final class Child {

	@Configuration(proxyBeanMethods = false)
	static class Plugin {

		Plugin(JdbcTemplate jdbcTemplate) {
			Calls.record("flags " + jdbcTemplate.queryForList("select name from flags", String.class));
		}

		@EventListener
		void refreshed(ContextRefreshedEvent event) {
			Calls.record("refreshed");
		}

	}

}
