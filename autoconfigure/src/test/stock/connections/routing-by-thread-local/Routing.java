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
public class Routing {

	@Bean
	DataSource dataSource(org.springframework.core.env.Environment environment) {
		org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource routing = new org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource() {

			@Override
			protected Object determineCurrentLookupKey() {
				return (Calls.CALLER.get() != null) ? "b" : "a";
			}

		};
		routing.setTargetDataSources(Map.of("a", source(environment, "stock.url"), "b", source(environment, "stock.url.b")));
		return routing;
	}

	private static DataSource source(org.springframework.core.env.Environment environment, String url) {
		return new org.springframework.jdbc.datasource.DriverManagerDataSource(environment.getProperty(url),
				environment.getProperty("stock.username"), environment.getProperty("stock.password"));
	}

	@Bean
	liquibase.integration.spring.SpringLiquibase liquibase(DataSource dataSource) {
		liquibase.integration.spring.SpringLiquibase liquibase = new liquibase.integration.spring.SpringLiquibase();
		liquibase.setDataSource(dataSource);
		liquibase.setChangeLog("classpath:db/changelog/db.changelog-master.yaml");
		return liquibase;
	}

}
