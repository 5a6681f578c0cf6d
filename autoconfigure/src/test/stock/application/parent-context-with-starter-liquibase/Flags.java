import io.github.migrationguard.stock.Calls;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

@Component
public class Flags {

	Flags(JdbcTemplate jdbcTemplate) {
		Calls.record("flags " + jdbcTemplate.queryForList("select name from flags", String.class));
	}

}
