package db.migration;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

import javax.sql.DataSource;

import io.github.migrationguard.stock.Calls;
import org.flywaydb.core.api.migration.BaseJavaMigration;
import org.flywaydb.core.api.migration.Context;


public class V2__Two extends BaseJavaMigration {

	@Override
	public void migrate(Context context) throws Exception {
		Connection connection = context.getConnection();
		Connection data = context.getConfiguration().getDataSource().getConnection();
		Connection trial = context.getConfiguration().getDataSource().getConnection();
		data.setAutoCommit(false);
		trial.setAutoCommit(false);
		try (Statement first = data.createStatement(); Statement second = trial.createStatement()) {
			first.execute("insert into kept values ('kept')");
			second.execute("insert into kept values ('given up')");
			trial.rollback();
			data.commit();
		}
		data.close();
		trial.close();
	}

}
