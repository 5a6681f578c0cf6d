import javax.sql.DataSource;

import liquibase.exception.LiquibaseException;
import liquibase.integration.spring.SpringLiquibase;

import org.springframework.beans.factory.InitializingBean;
import org.springframework.core.io.ResourceLoader;
import org.springframework.stereotype.Component;

@Component
public class Wrapper implements InitializingBean {

	private final SpringLiquibase liquibase = new SpringLiquibase();

	public Wrapper(DataSource dataSource, ResourceLoader resourceLoader) {
		this.liquibase.setDataSource(dataSource);
		this.liquibase.setResourceLoader(resourceLoader);
		this.liquibase.setChangeLog("classpath:db/changelog/db.changelog-master.yaml");
	}

	@Override
	public void afterPropertiesSet() throws LiquibaseException {
		this.liquibase.afterPropertiesSet();
	}

}
