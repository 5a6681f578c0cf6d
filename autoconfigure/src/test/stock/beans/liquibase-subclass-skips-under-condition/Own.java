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
public class Own {

	@Bean
	liquibase.integration.spring.SpringLiquibase liquibase(DataSource dataSource) {
		liquibase.integration.spring.SpringLiquibase liquibase = new liquibase.integration.spring.SpringLiquibase() {

			@Override
			public void afterPropertiesSet() {
				Calls.record("skips");
			}

		};
		liquibase.setDataSource(dataSource);
		liquibase.setChangeLog("classpath:db/changelog/db.changelog-master.yaml");
		return liquibase;
	}

}
