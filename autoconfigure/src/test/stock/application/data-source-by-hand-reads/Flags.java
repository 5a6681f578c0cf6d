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
public class Flags {

	@Bean
	@DependsOn("flywayInitializer")
	Object flags(DataSource dataSource) throws Exception {
		try (Connection connection = dataSource.getConnection(); Statement statement = connection.createStatement();
				java.sql.ResultSet result = statement.executeQuery("select count(*) from flags")) {
			result.next();
			Calls.record("flags " + result.getInt(1));
		}
		return "flags";
	}

}
