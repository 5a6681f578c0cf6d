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

	@Bean(destroyMethod = "destroy")
	org.springframework.jdbc.datasource.SingleConnectionDataSource dataSource(org.springframework.core.env.Environment environment) {
		return new org.springframework.jdbc.datasource.SingleConnectionDataSource(environment.getProperty("stock.url"),
				environment.getProperty("stock.username"), environment.getProperty("stock.password"), true);
	}

}
