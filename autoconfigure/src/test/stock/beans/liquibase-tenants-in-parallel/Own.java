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
	Object tenants(DataSource dataSource, org.springframework.core.io.ResourceLoader loader) throws Exception {
		List<Thread> threads = java.util.stream.Stream.of("one", "two").map((schema) -> new Thread(() -> {
			liquibase.integration.spring.SpringLiquibase liquibase = new liquibase.integration.spring.SpringLiquibase();
			liquibase.setDataSource(dataSource);
			liquibase.setResourceLoader(loader);
			liquibase.setDefaultSchema(schema);
			liquibase.setChangeLog("classpath:db/changelog/db.changelog-master.yaml");
			try {
				liquibase.afterPropertiesSet();
			}
			catch (Exception ex) {
				Calls.record("fails");
			}
		})).toList();
		threads.forEach(Thread::start);
		for (Thread thread : threads) {
			thread.join();
		}
		return "tenants";
	}

}
