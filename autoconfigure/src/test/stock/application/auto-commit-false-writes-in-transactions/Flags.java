import io.github.migrationguard.stock.Calls;

import org.springframework.beans.factory.InitializingBean;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

@Component
class Flags implements InitializingBean {

	private final JdbcTemplate jdbcTemplate;

	private final PlatformTransactionManager transactionManager;

	Flags(JdbcTemplate jdbcTemplate, PlatformTransactionManager transactionManager) {
		this.jdbcTemplate = jdbcTemplate;
		this.transactionManager = transactionManager;
	}

	@Override
	public void afterPropertiesSet() {
		TransactionTemplate inner = new TransactionTemplate(this.transactionManager);
		inner.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
		new TransactionTemplate(this.transactionManager).executeWithoutResult((status) -> {
			TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

				@Override
				public void afterCommit() {
					Calls.record("committed");
				}

			});
			inner.executeWithoutResult((innerStatus) -> {
				this.jdbcTemplate.update("insert into flags values ('of the inner')");
				innerStatus.setRollbackOnly();
			});
			this.jdbcTemplate.update("insert into flags values ('of the outer')");
			Object savepoint = status.createSavepoint();
			this.jdbcTemplate.update("insert into flags values ('given up')");
			status.rollbackToSavepoint(savepoint);
		});
		this.jdbcTemplate.update("insert into flags values ('not committed')");
		Calls.record("flags " + this.jdbcTemplate.queryForList("select name from flags order by name", String.class));
	}

}
