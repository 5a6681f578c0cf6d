package db.migration;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

import javax.sql.DataSource;

import io.github.migrationguard.stock.Calls;
import org.flywaydb.core.api.migration.BaseJavaMigration;
import org.flywaydb.core.api.migration.Context;


public class V1__Saving extends BaseJavaMigration {

	@Override
	public void migrate(Context context) throws Exception {
		Connection connection = context.getConnection();
		try (Statement statement = connection.createStatement()) {
			statement.execute("create table a (id int primary key)");
			statement.execute("savepoint s");
			try {
				statement.execute("insert into missing values (1)");
			}
			catch (SQLException ex) {
				Calls.record("caught " + ex.getSQLState());
				statement.execute("rollback to savepoint s");
			}
			statement.execute("insert into a values (1)");
		}
	}

}
