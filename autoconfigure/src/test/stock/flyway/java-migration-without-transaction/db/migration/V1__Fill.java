package db.migration;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

import javax.sql.DataSource;

import io.github.migrationguard.stock.Calls;
import org.flywaydb.core.api.migration.BaseJavaMigration;
import org.flywaydb.core.api.migration.Context;


public class V1__Fill extends BaseJavaMigration {

	@Override
	public void migrate(Context context) throws Exception {
		Connection connection = context.getConnection();
		try (Statement statement = connection.createStatement()) {
			statement.execute("create table filled as select 1 as id");
			Calls.record("created", connection);
			statement.execute("create index concurrently i on filled (id)");
			statement.execute("vacuum filled");
		}
	}

	@Override
	public boolean canExecuteInTransaction() {
		return false;
	}

}
