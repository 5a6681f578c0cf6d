import io.github.migrationguard.stock.Calls;

import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

@Component
class Flags implements SmartLifecycle {

	private final JdbcTemplate jdbcTemplate;

	private boolean running;

	Flags(JdbcTemplate jdbcTemplate) {
		this.jdbcTemplate = jdbcTemplate;
	}

	@Override
	public int getPhase() {
		return Integer.MIN_VALUE;
	}

	@Override
	public void start() {
		this.running = true;
		Calls.record("flags " + jdbcTemplate.queryForList("select name from flags order by name", String.class));
	}

	@Override
	public void stop() {
		this.running = false;
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

}
