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
public class Customizing {

	@Bean
	liquibase.integration.spring.Customizer<liquibase.Liquibase> customizing() {
		return (liquibase) -> {
			try (Statement statement = ((liquibase.database.jvm.JdbcConnection) liquibase.getDatabase().getConnection()).createStatement()) {
				statement.execute("insert into customized default values");
				liquibase.getDatabase().commit();
			}
			catch (Exception ex) {
				throw new IllegalStateException(ex);
			}
		};
	}

}
