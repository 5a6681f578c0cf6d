import io.github.migrationguard.stock.Calls;
import liquibase.database.Database;
import liquibase.database.jvm.JdbcConnection;
import liquibase.exception.CustomPreconditionFailedException;
import liquibase.precondition.CustomPrecondition;

public class Never implements CustomPrecondition {

	@Override
	public void check(Database database) throws CustomPreconditionFailedException {
		Calls.record("check", ((JdbcConnection) database.getConnection()).getUnderlyingConnection());
		throw new CustomPreconditionFailedException("Never");
	}

}
