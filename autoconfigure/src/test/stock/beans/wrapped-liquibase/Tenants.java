import javax.sql.DataSource;

import io.github.migrationguard.stock.Calls;
import liquibase.integration.spring.SpringLiquibase;

import org.springframework.beans.factory.InitializingBean;
import org.springframework.core.io.ResourceLoader;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

@Component
class Tenants implements InitializingBean {

	private final SpringLiquibase liquibase = new SpringLiquibase();

	Tenants(DataSource dataSource, ResourceLoader resourceLoader) {
		this.liquibase.setDataSource(dataSource);
		this.liquibase.setResourceLoader(resourceLoader);
		this.liquibase.setChangeLog("classpath:/db/changelog/db.changelog-master.yaml");
	}

	@Override
	public void afterPropertiesSet() throws Exception {
		this.liquibase.afterPropertiesSet();
		Calls.record("person "
				+ new JdbcTemplate(this.liquibase.getDataSource()).queryForList("select name from person", String.class));
	}

}
