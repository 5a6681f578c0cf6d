import javax.sql.DataSource;

import io.github.migrationguard.stock.Calls;
import liquibase.exception.LiquibaseException;
import liquibase.integration.spring.SpringLiquibase;

import org.springframework.stereotype.Component;

@Component
public class TwoSchemas extends SpringLiquibase {

	TwoSchemas(DataSource dataSource) {
		setDataSource(dataSource);
		setChangeLog("classpath:db/changelog/db.changelog-master.yaml");
	}

	@Override
	public void afterPropertiesSet() throws LiquibaseException {
		for (String schema : new String[] { "t1", "t2" }) {
			Calls.record(schema);
			setDefaultSchema(schema);
			setLiquibaseSchema(schema);
			super.afterPropertiesSet();
		}
	}

}
