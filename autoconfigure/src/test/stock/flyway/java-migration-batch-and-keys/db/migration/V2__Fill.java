package db.migration;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

import javax.sql.DataSource;

import io.github.migrationguard.stock.Calls;
import org.flywaydb.core.api.migration.BaseJavaMigration;
import org.flywaydb.core.api.migration.Context;


public class V2__Fill extends BaseJavaMigration {

	@Override
	public void migrate(Context context) throws Exception {
		Connection connection = context.getConnection();
		try (java.sql.PreparedStatement statement = connection.prepareStatement("insert into a (t) values (?)", Statement.RETURN_GENERATED_KEYS)) {
			for (int i = 0; i < 5; i++) {
				statement.setString(1, "t" + i);
				statement.addBatch();
			}
			Calls.record("batch " + java.util.Arrays.toString(statement.executeBatch()));
			try (ResultSet keys = statement.getGeneratedKeys()) {
				while (keys.next()) {
					Calls.record("key " + keys.getInt(1));
				}
			}
		}
		try (java.sql.CallableStatement call = connection.prepareCall("{? = call upper(?)}")) {
			call.registerOutParameter(1, java.sql.Types.VARCHAR);
			call.setString(2, "x");
			call.execute();
			Calls.record("called " + call.getString(1));
		}
		Calls.record("meta data " + connection.getMetaData().getDatabaseProductName() + " " + connection.getSchema() + " " + connection.getCatalog().isEmpty() + " " + connection.isReadOnly() + " " + connection.getHoldability() + " " + connection.getTransactionIsolation());
	}

}
