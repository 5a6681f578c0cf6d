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
		org.springframework.jdbc.core.JdbcTemplate jdbcTemplate = new org.springframework.jdbc.core.JdbcTemplate(
				new org.springframework.jdbc.datasource.SingleConnectionDataSource(connection, true));
		jdbcTemplate.batchUpdate("insert into a values (?)", java.util.List.of(new Object[] { 1 }, new Object[] { 2 }));
		Calls.record("rows " + jdbcTemplate.queryForObject("select count(*) from a", Integer.class));
	}

}
