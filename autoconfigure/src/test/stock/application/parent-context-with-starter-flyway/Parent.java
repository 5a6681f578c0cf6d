import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;

import org.springframework.boot.jdbc.DataSourceBuilder;
import org.springframework.context.annotation.*;
import org.springframework.core.env.Environment;

@Configuration(proxyBeanMethods = false)
@org.springframework.boot.autoconfigure.EnableAutoConfiguration
public class Parent {

	@Bean
	HikariDataSource dataSource(Environment environment) {
		return DataSourceBuilder.create(Thread.currentThread().getContextClassLoader())
			.type(HikariDataSource.class)
			.url(environment.getProperty("stock.url"))
			.username(environment.getProperty("stock.username"))
			.password(environment.getProperty("stock.password"))
			.build();
	}

	@Bean
	org.springframework.boot.flyway.autoconfigure.FlywayMigrationInitializer flywayInitializer(DataSource dataSource) {
		return new org.springframework.boot.flyway.autoconfigure.FlywayMigrationInitializer(
				org.flywaydb.core.Flyway.configure(Thread.currentThread().getContextClassLoader()).dataSource(dataSource).load());
	}

}
