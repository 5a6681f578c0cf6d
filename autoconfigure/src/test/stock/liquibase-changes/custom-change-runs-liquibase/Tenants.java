import java.sql.Connection;
import java.sql.DriverManager;

import io.github.migrationguard.stock.Calls;
import liquibase.Liquibase;
import liquibase.change.custom.CustomTaskChange;
import liquibase.database.Database;
import liquibase.database.DatabaseFactory;
import liquibase.database.jvm.JdbcConnection;
import liquibase.exception.CustomChangeException;
import liquibase.exception.ValidationErrors;
import liquibase.resource.ClassLoaderResourceAccessor;
import liquibase.resource.ResourceAccessor;

public class Tenants implements CustomTaskChange {

	@Override
	public void execute(Database database) throws CustomChangeException {
		for (String tenant : new String[] { "acme", "globex" }) {
			try (Connection connection = Pool.dataSource.getConnection()) {
				Database other = DatabaseFactory.getInstance()
					.findCorrectDatabaseImplementation(new JdbcConnection(connection));
				other.setDefaultSchemaName(tenant);
				other.setLiquibaseSchemaName(tenant);
				Liquibase liquibase = new Liquibase("tenants.yaml", new ClassLoaderResourceAccessor(Thread.currentThread().getContextClassLoader()), other);
				liquibase.update("");
				Calls.record(tenant + " unrun " + liquibase.listUnrunChangeSets(null, null).size());
			}
			catch (Exception ex) {
				throw new CustomChangeException(ex);
			}
		}
	}

	@Override
	public String getConfirmationMessage() {
		return "tenants";
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
