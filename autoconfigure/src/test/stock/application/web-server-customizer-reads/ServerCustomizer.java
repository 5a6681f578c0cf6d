import io.github.migrationguard.stock.Calls;

import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.servlet.ConfigurableServletWebServerFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

@Component
class ServerCustomizer implements WebServerFactoryCustomizer<ConfigurableServletWebServerFactory> {

	private final JdbcTemplate jdbcTemplate;

	ServerCustomizer(JdbcTemplate jdbcTemplate) {
		this.jdbcTemplate = jdbcTemplate;
	}

	@Override
	public void customize(ConfigurableServletWebServerFactory factory) {
		String path = this.jdbcTemplate.queryForObject("select value from settings where name = 'context-path'", String.class);
		factory.setDisplayName(path);
		Calls.record("customizes " + path);
	}

}
