import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Types;
import java.util.TreeMap;

import javax.sql.DataSource;

import io.github.migrationguard.stock.Calls;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.SimpleJdbcCall;
import org.springframework.stereotype.Component;

@Component
class Numbers {

	Numbers(JdbcTemplate jdbcTemplate, DataSource dataSource) throws SQLException {
		SimpleJdbcCall call = new SimpleJdbcCall(jdbcTemplate).withFunctionName("total").withoutProcedureColumnMetaDataAccess()
			.declareParameters(new org.springframework.jdbc.core.SqlOutParameter("amount", Types.INTEGER),
					new org.springframework.jdbc.core.SqlOutParameter("highest", Types.INTEGER));
		try {
			Calls.record("total " + new TreeMap<>(call.execute()));
		}
		catch (RuntimeException ex) {
			Calls.record("fails with " + ex.getClass().getSimpleName());
		}
		try (Connection connection = dataSource.getConnection();
				CallableStatement statement = connection.prepareCall("call add(?, ?)")) {
			statement.setInt(1, 3);
			statement.setInt(2, 0);
			statement.registerOutParameter(2, Types.INTEGER);
			statement.execute();
			Calls.record("added " + statement.getInt(2));
		}
	}

}
