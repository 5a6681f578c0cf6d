import java.util.Map;

import javax.sql.DataSource;

import liquibase.exception.LiquibaseException;
import liquibase.integration.spring.SpringLiquibase;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource;

@Configuration(proxyBeanMethods = false)
class DatabasesConfiguration {

	private static final ThreadLocal<String> TENANT = ThreadLocal.withInitial(() -> "a");

	@Bean
	SpringLiquibase liquibase(@Value("${spring.datasource.url}") String a, @Value("${stock.url.b}") String b,
			@Value("${spring.datasource.username}") String user,
			@Value("${spring.datasource.password}") String password) {
		AbstractRoutingDataSource routing = new AbstractRoutingDataSource() {

			@Override
			protected Object determineCurrentLookupKey() {
				return TENANT.get();
			}

		};
		routing.setTargetDataSources(Map.of("a", new DriverManagerDataSource(a, user, password), "b",
				new DriverManagerDataSource(b, user, password)));
		routing.afterPropertiesSet();
		SpringLiquibase liquibase = new SpringLiquibase() {

			@Override
			public void afterPropertiesSet() throws LiquibaseException {
				for (String tenant : new String[] { "a", "b" }) {
					TENANT.set(tenant);
					super.afterPropertiesSet();
				}
				TENANT.remove();
			}

		};
		liquibase.setDataSource(routing);
		liquibase.setChangeLog("classpath:/db/changelog/db.changelog-master.yaml");
		return liquibase;
	}

}
