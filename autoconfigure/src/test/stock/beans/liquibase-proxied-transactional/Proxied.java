import javax.sql.DataSource;

import liquibase.integration.spring.SpringLiquibase;

import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

@Component
public class Proxied extends SpringLiquibase {

	public Proxied(DataSource dataSource) {
		setDataSource(dataSource);
		setChangeLog("classpath:db/changelog/db.changelog-master.yaml");
	}

	@Transactional
	public void report() {
	}

}
