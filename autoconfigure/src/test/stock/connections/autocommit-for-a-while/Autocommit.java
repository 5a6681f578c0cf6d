import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;

import io.github.migrationguard.stock.Calls;
import liquibase.change.custom.CustomTaskChange;
import liquibase.database.Database;
import liquibase.database.jvm.JdbcConnection;
import liquibase.exception.CustomChangeException;
import liquibase.exception.ValidationErrors;
import liquibase.resource.ResourceAccessor;

public class Autocommit implements CustomTaskChange {

	@Override
	public void execute(Database database) throws CustomChangeException {
		try {
			execute(((JdbcConnection) database.getConnection()).getUnderlyingConnection());
		}
		catch (Exception ex) {
			throw new CustomChangeException(ex);
		}
	}

	private void execute(Connection connection) throws Exception {
		Calls.record("begin", connection);
		connection.setAutoCommit(true);
		try (Statement statement = connection.createStatement()) {
			statement.execute("create table a (id int)");
			statement.execute("vacuum");
		}
		connection.setAutoCommit(false);
		Calls.record("end", connection);
	}

	@Override
	public String getConfirmationMessage() {
		return "done";
	}

	@Override
	public void setUp() {
	}

	@Override
	public void setFileOpener(ResourceAccessor resourceAccessor) {
	}

	@Override
	public ValidationErrors validate(Database database) {
		return new ValidationErrors();
	}

}
