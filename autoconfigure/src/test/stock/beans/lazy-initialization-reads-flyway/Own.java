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
	org.springframework.boot.CommandLineRunner runner(JdbcTemplate jdbcTemplate) {
		return (arguments) -> Calls.record("rows " + jdbcTemplate.queryForObject("select count(*) from a", Integer.class));
	}

}
