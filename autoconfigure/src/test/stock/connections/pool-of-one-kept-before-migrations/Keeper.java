import java.sql.Connection;

import javax.sql.DataSource;

import io.github.migrationguard.stock.Calls;
import liquibase.Liquibase;
import liquibase.integration.spring.Customizer;

import org.springframework.context.annotation.*;

@Configuration(proxyBeanMethods = false)
public class Keeper {

	@Bean
	Customizer<Liquibase> customizer(DataSource dataSource) throws Exception {
		Connection connection = dataSource.getConnection();
		Calls.record("keeps a connection, autocommit " + connection.getAutoCommit());
		return (liquibase) -> Calls.record("customizer");
	}

}
