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
@DependsOn("liquibase")
public class Keeper implements DisposableBean {

	private final Connection connection;

	Keeper(DataSource dataSource) throws Exception {
		this.connection = dataSource.getConnection();
		Calls.record("keeps a connection, autocommit " + this.connection.getAutoCommit());
	}

	@Override
	public void destroy() throws Exception {
		Calls.record("gives it back", this.connection);
		this.connection.close();
	}

}
