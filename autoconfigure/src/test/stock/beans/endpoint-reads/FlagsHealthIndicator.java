import io.github.migrationguard.stock.Calls;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Lazy;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

@Component
@Lazy
class FlagsHealthIndicator implements HealthIndicator {

	private final int limit;

	FlagsHealthIndicator(JdbcTemplate jdbcTemplate) {
		this.limit = jdbcTemplate.queryForObject("select count(*) from flags", Integer.class);
		Calls.record("limit " + this.limit);
	}

	@Override
	public Health health() {
		return Health.up().withDetail("limit", this.limit).build();
	}

}
