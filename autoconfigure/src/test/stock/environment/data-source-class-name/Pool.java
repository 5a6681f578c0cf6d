import java.util.Properties;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.github.migrationguard.stock.Calls;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.JdbcTemplate;

@Configuration(proxyBeanMethods = false)
class Pool {

	@Bean
	HikariDataSource dataSource(Environment environment) {
		HikariDataSource pool = new HikariDataSource();
		pool.setDataSourceClassName("org.postgresql.ds.PGSimpleDataSource");
		pool.addDataSourceProperty("url", environment.getProperty("stock.url"));
		pool.addDataSourceProperty("user", environment.getProperty("stock.username"));
		pool.addDataSourceProperty("password", environment.getProperty("stock.password"));
		pool.setMaximumPoolSize(2);
		return pool;
	}

	@Bean
	Object reader(JdbcTemplate jdbcTemplate) {
		Calls.record("flags " + jdbcTemplate.queryForList("select name from flags", String.class));
		return "reader";
	}

}
