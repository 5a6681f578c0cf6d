import io.github.migrationguard.stock.Calls;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

@Component
class Flags implements SmartInitializingSingleton {

	private final JdbcTemplate jdbcTemplate;

	private final PlatformTransactionManager transactionManager;

	Flags(JdbcTemplate jdbcTemplate, PlatformTransactionManager transactionManager) {
		this.jdbcTemplate = jdbcTemplate;
		this.transactionManager = transactionManager;
	}

	@Override
	public void afterSingletonsInstantiated() {
		read(true);
		read(false);
		read(true);
	}

	private void read(boolean readOnly) {
		TransactionTemplate transaction = new TransactionTemplate(this.transactionManager);
		transaction.setReadOnly(readOnly);
		transaction.executeWithoutResult((status) -> this.jdbcTemplate.execute((java.sql.Connection connection) -> {
			if (!readOnly) {
				this.jdbcTemplate.update("insert into flags values ('of a bean')");
			}
			Calls.record("flags " + this.jdbcTemplate.queryForList("select name from flags order by name", String.class)
					+ ", read only " + connection.isReadOnly() + ", server says " + this.jdbcTemplate.queryForObject("show transaction_read_only", String.class));
			return null;
		}));
	}

}
