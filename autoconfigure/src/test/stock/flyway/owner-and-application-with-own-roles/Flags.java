import io.github.migrationguard.stock.Calls;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

@Component
class Flags {

	Flags(JdbcTemplate jdbcTemplate) {
		Calls.record("flags " + jdbcTemplate.queryForList("select current_user || ' sees ' || name from app.flags", String.class));
		try {
			jdbcTemplate.update("delete from app.flags");
		}
		catch (RuntimeException ex) {
			Calls.record("may not delete");
		}
	}

}
