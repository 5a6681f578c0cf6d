import javax.sql.DataSource;

import liquibase.exception.LiquibaseException;
import liquibase.integration.spring.SpringLiquibase;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class SchemasConfiguration {

	@Bean
	SpringLiquibase liquibase(DataSource dataSource) {
		SpringLiquibase liquibase = new SpringLiquibase() {

			@Override
			public void afterPropertiesSet() throws LiquibaseException {
				for (String schema : new String[] { "one", "two" }) {
					setDefaultSchema(schema);
					setLiquibaseSchema(schema);
					super.afterPropertiesSet();
				}
			}

		};
		liquibase.setDataSource(dataSource);
		liquibase.setChangeLog("classpath:/db/changelog/db.changelog-master.yaml");
		return liquibase;
	}

}
