import io.github.migrationguard.stock.Calls;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

@Component
class Flags implements SmartInitializingSingleton {

	private final JdbcTemplate jdbcTemplate;

	Flags(JdbcTemplate jdbcTemplate) {
		this.jdbcTemplate = jdbcTemplate;
	}

	@Override
	public void afterSingletonsInstantiated() {
		Calls.record("flags " + this.jdbcTemplate.queryForList("select name from flags order by name", String.class));
	}

}
