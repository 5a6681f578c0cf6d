import java.sql.Connection;

import javax.sql.DataSource;

import io.github.migrationguard.stock.Calls;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.context.annotation.*;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

@Component
public class Flags implements InitializingBean {

	private final JdbcTemplate jdbcTemplate;

	private final TransactionTemplate transactions;

	Flags(JdbcTemplate jdbcTemplate, PlatformTransactionManager manager) {
		this.jdbcTemplate = jdbcTemplate;
		this.transactions = new TransactionTemplate(manager);
	}

	@Override
	public void afterPropertiesSet() {
		this.transactions.executeWithoutResult((status) -> {
			this.jdbcTemplate.update("insert into flags values ('of a bean')");
			Calls.record("flags " + this.jdbcTemplate.queryForList("select name from flags order by name", String.class));
		});
	}

}
