import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Map;

import javax.sql.DataSource;

import io.github.migrationguard.stock.Calls;

import org.springframework.beans.factory.annotation.*;
import org.springframework.context.annotation.*;
import org.springframework.jdbc.core.JdbcTemplate;

@Configuration(proxyBeanMethods = false)
public class Own {

	@Bean
	Object user(DataSource dataSource) throws Exception {
		try (Connection connection = dataSource.getConnection()) {
			liquibase.database.Database database = liquibase.database.DatabaseFactory.getInstance().findCorrectDatabaseImplementation(new liquibase.database.jvm.JdbcConnection(connection));
			new liquibase.Liquibase("db/changelog/db.changelog-master.yaml", new liquibase.resource.ClassLoaderResourceAccessor(Thread.currentThread().getContextClassLoader()), database).update("");
		}
		return "user";
	}

}
