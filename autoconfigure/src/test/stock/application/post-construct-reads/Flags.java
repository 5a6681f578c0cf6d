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

	Flags(JdbcTemplate jdbcTemplate) {
		this.jdbcTemplate = jdbcTemplate;
	}

	private final JdbcTemplate jdbcTemplate;

	@jakarta.annotation.PostConstruct
	void read() {
		Calls.record("flags " + jdbcTemplate.queryForList("select name from flags order by name", String.class));
	}

}
