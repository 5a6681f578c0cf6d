package db.migration;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

import javax.sql.DataSource;

import io.github.migrationguard.stock.Calls;
import org.flywaydb.core.api.migration.BaseJavaMigration;
import org.flywaydb.core.api.migration.Context;


public class V1__Lo extends BaseJavaMigration {

	@Override
	public void migrate(Context context) throws Exception {
		Connection connection = context.getConnection();
		org.postgresql.largeobject.LargeObjectManager manager = connection.unwrap(org.postgresql.PGConnection.class).getLargeObjectAPI();
		long oid = manager.createLO();
		try (org.postgresql.largeobject.LargeObject object = manager.open(oid, org.postgresql.largeobject.LargeObjectManager.WRITE)) {
			object.write("Hello".getBytes());
		}
		Calls.record("written");
	}

}
