package db.migration;

import java.sql.Statement;

import io.github.migrationguard.stock.Calls;
import org.flywaydb.core.api.migration.BaseJavaMigration;
import org.flywaydb.core.api.migration.Context;

public class V1__Fill extends BaseJavaMigration {

	@Override
	public void migrate(Context context) throws Exception {
		Calls.record("before", context.getConnection());
		try (Statement statement = context.getConnection().createStatement()) {
			statement.execute("create table filled as select 1 as id");
		}
		Calls.record("after", context.getConnection());
	}

}
