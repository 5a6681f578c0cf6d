import io.github.migrationguard.stock.Calls;

import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

@Component
@Endpoint(id = "flags")
public class FlagsEndpoint {

	private final String flags;

	FlagsEndpoint(JdbcTemplate jdbcTemplate) {
		this.flags = "flags " + jdbcTemplate.queryForList("select name from flags", String.class);
		Calls.record(this.flags);
	}

	@ReadOperation
	public String flags() {
		return this.flags;
	}

}
