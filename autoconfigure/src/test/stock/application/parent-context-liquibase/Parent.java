import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;

import org.springframework.boot.jdbc.DataSourceBuilder;
import org.springframework.context.annotation.*;
import org.springframework.core.env.Environment;

@Configuration(proxyBeanMethods = false)
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
	liquibase.integration.spring.SpringLiquibase liquibase(DataSource dataSource) {
		liquibase.integration.spring.SpringLiquibase liquibase = new liquibase.integration.spring.SpringLiquibase();
		liquibase.setDataSource(dataSource);
		liquibase.setChangeLog("classpath:db/changelog/db.changelog-master.yaml");
		return liquibase;
	}

}
