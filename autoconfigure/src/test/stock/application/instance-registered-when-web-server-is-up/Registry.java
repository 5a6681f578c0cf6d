import io.github.migrationguard.stock.Calls;

import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

@Component
class Registry {

	private final JdbcTemplate jdbcTemplate;

	Registry(JdbcTemplate jdbcTemplate) {
		this.jdbcTemplate = jdbcTemplate;
	}

	@EventListener
	void up(WebServerInitializedEvent event) {
		Calls.record("registered " + this.jdbcTemplate.update("insert into instances values ('me', ?)", event.getWebServer().getPort() > 0));
	}

}
