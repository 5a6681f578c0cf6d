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
public class Strategy {

	@Bean
	org.springframework.boot.flyway.autoconfigure.FlywayMigrationStrategy strategy() {
		return (flyway) -> {
			try {
				flyway.migrate();
			}
			catch (RuntimeException ex) {
				Calls.record("swallowed " + ex.getClass().getSimpleName());
			}
		};
	}

}
