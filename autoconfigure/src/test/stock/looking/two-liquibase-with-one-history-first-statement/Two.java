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
public class Two {

	@Bean
	liquibase.integration.spring.SpringLiquibase one(DataSource dataSource) {
		return liquibase(dataSource, "one");
	}

	@Bean
	@DependsOn("reader")
	liquibase.integration.spring.SpringLiquibase two(DataSource dataSource) {
		return liquibase(dataSource, "two");
	}

	private static liquibase.integration.spring.SpringLiquibase liquibase(DataSource dataSource, String name) {
		liquibase.integration.spring.SpringLiquibase liquibase = new liquibase.integration.spring.SpringLiquibase();
		liquibase.setDataSource(dataSource);
		liquibase.setChangeLog("classpath:db/changelog/%s.yaml".formatted(name));
		return liquibase;
	}

	@Bean
	@DependsOn("one")
	Object reader(DataSource dataSource) {
		Calls.record("a has " + new JdbcTemplate(dataSource).queryForObject("select count(*) from a", Integer.class));
		return "reader";
	}

}
