import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

import javax.sql.DataSource;

import io.github.migrationguard.stock.Calls;
import org.flywaydb.core.api.migration.BaseJavaMigration;
import org.flywaydb.core.api.migration.Context;
import org.springframework.jdbc.core.JdbcTemplate;
@org.springframework.stereotype.Component
public class V2__Bean extends BaseJavaMigration {

	@Override
	public void migrate(Context context) throws Exception {
		Connection connection = context.getConnection();
		new JdbcTemplate(new org.springframework.jdbc.datasource.SingleConnectionDataSource(connection, true)).update("insert into a values (?)", 2);
		Calls.record("bean", connection);
	}

}
