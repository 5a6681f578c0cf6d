import io.github.migrationguard.stock.Calls;
import org.flywaydb.core.api.migration.BaseJavaMigration;
import org.flywaydb.core.api.migration.Context;

import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.stereotype.Component;

@Component
public class V2__Bean extends BaseJavaMigration {

	private final Environment environment;

	V2__Bean(Environment environment) {
		this.environment = environment;
	}

	@Override
	public void migrate(Context context) {
		Calls.record("user given: " + (this.environment.getProperty("stock.username") != null));
		new JdbcTemplate(new SingleConnectionDataSource(context.getConnection(), true)).update("insert into a values (1)");
	}

	@Override
	public Integer getChecksum() {
		return 17;
	}

}
