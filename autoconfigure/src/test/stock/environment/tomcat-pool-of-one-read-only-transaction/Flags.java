import java.util.List;

import io.github.migrationguard.stock.Calls;

import org.springframework.beans.factory.InitializingBean;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

@Component
class Flags implements InitializingBean {

	private final JdbcTemplate jdbcTemplate;

	private final TransactionTemplate transaction;

	Flags(JdbcTemplate jdbcTemplate, PlatformTransactionManager transactionManager) {
		this.jdbcTemplate = jdbcTemplate;
		this.transaction = new TransactionTemplate(transactionManager);
		this.transaction.setReadOnly(true);
		this.transaction.setIsolationLevel(TransactionDefinition.ISOLATION_SERIALIZABLE);
	}

	@Override
	public void afterPropertiesSet() {
		this.transaction.executeWithoutResult((status) -> record());
		this.jdbcTemplate.update("insert into flags values ('of a bean')");
		record();
	}

	private void record() {
		this.jdbcTemplate.execute((java.sql.Connection connection) -> {
			Calls.record("flags " + this.jdbcTemplate.queryForList("select name from flags order by 1", String.class), connection);
			return null;
		});
	}

}
