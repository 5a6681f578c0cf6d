import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

import io.github.migrationguard.stock.Calls;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.callback.BaseCallback;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;

import org.springframework.stereotype.Component;

@Component
class Tenants extends BaseCallback {

	@Override
	public boolean supports(Event event, Context context) {
		return event == Event.AFTER_MIGRATE;
	}

	@Override
	public void handle(Event event, Context context) {
		for (String tenant : tenants(context)) {
			Calls.record(tenant + " " + Flyway.configure()
				.configuration(context.getConfiguration())
				.callbacks(new org.flywaydb.core.api.callback.Callback[0])
				.locations("classpath:tenants")
				.schemas(tenant)
				.defaultSchema(tenant)
				.load()
				.migrate().migrationsExecuted);
		}
	}

	private static List<String> tenants(Context context) {
		List<String> tenants = new ArrayList<>();
		try (Statement statement = context.getConnection().createStatement();
				ResultSet result = statement.executeQuery("select name from tenants order by name")) {
			while (result.next()) {
				tenants.add(result.getString(1));
			}
			return tenants;
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
