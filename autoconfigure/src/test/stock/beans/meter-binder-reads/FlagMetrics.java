import io.github.migrationguard.stock.Calls;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

@Component
class FlagMetrics implements MeterBinder {

	private final JdbcTemplate jdbcTemplate;

	FlagMetrics(JdbcTemplate jdbcTemplate) {
		this.jdbcTemplate = jdbcTemplate;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		for (String name : this.jdbcTemplate.queryForList("select name from flags", String.class)) {
			Gauge.builder("flag", () -> 1).tag("name", name).register(registry);
			Calls.record("gauge of " + name);
		}
	}

}
