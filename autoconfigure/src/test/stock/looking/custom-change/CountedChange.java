import io.github.migrationguard.stock.Calls;
import liquibase.change.custom.CustomTaskChange;
import liquibase.database.Database;
import liquibase.exception.ValidationErrors;
import liquibase.resource.ResourceAccessor;

public class CountedChange implements CustomTaskChange {

	public CountedChange() {
		Calls.record("created");
	}

	@Override
	public void execute(Database database) {
		Calls.record("executed");
	}

	@Override
	public String getConfirmationMessage() {
		return "done";
	}

	@Override
	public void setUp() {
		Calls.record("set up");
	}

	@Override
	public void setFileOpener(ResourceAccessor resourceAccessor) {
	}

	@Override
	public ValidationErrors validate(Database database) {
		Calls.record("validated");
		return new ValidationErrors();
	}

}
