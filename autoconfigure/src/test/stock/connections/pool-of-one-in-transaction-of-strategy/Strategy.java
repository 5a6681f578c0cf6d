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

@Configuration(proxyBeanMethods = false)
public class Strategy {

	@Bean
	FlywayMigrationStrategy strategy() {
		return (flyway) -> {
			try (Connection connection = flyway.getConfiguration().getDataSource().getConnection()) {
				connection.setAutoCommit(false);
				connection.createStatement().execute("create table prepared (id int)");
				flyway.migrate();
				connection.commit();
			}
			catch (java.sql.SQLException ex) {
				throw new IllegalStateException(ex);
			}
		};
	}

}
