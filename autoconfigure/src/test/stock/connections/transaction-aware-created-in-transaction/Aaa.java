import java.sql.Connection;

import javax.sql.DataSource;

import io.github.migrationguard.stock.Calls;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.boot.flyway.autoconfigure.FlywayMigrationStrategy;
import org.springframework.context.annotation.*;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

@Component("aaa")
public class Aaa {

	Aaa(org.springframework.beans.factory.ListableBeanFactory beans, PlatformTransactionManager manager, JdbcTemplate jdbcTemplate) {
		new TransactionTemplate(manager).executeWithoutResult((status) -> {
			jdbcTemplate.execute("create table of_transaction (id int)");
			beans.getBean(org.springframework.boot.flyway.autoconfigure.FlywayMigrationInitializer.class);
			Calls.record("flags " + jdbcTemplate.queryForList("select name from flags", String.class));
			status.setRollbackOnly();
		});
	}

}
