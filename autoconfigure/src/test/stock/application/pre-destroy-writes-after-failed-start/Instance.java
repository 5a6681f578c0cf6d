import io.github.migrationguard.stock.Calls;
import jakarta.annotation.PreDestroy;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

@Component
class Instance {

	private final JdbcTemplate jdbcTemplate;

	Instance(JdbcTemplate jdbcTemplate) {
		this.jdbcTemplate = jdbcTemplate;
	}

	@PreDestroy
	void leave() {
		Calls.record("leaves " + this.jdbcTemplate.update("insert into instances values ('gone')"));
	}

}
