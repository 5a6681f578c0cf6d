import javax.sql.DataSource;

import liquibase.integration.spring.SpringLiquibase;

import org.springframework.scheduling.annotation.Async;
import org.springframework.stereotype.Component;

@Component
public class Proxied extends SpringLiquibase {

	public Proxied(DataSource dataSource) {
		setDataSource(dataSource);
		setChangeLog("classpath:db/changelog/db.changelog-master.yaml");
	}

	@Async
	public void report() {
	}

}
