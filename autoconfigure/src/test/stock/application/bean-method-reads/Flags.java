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
	List<String> flags(JdbcTemplate jdbcTemplate) {
		List<String> flags = jdbcTemplate.queryForList("select name from flags order by name", String.class);
		Calls.record("flags " + flags);
		return flags;
	}

}
