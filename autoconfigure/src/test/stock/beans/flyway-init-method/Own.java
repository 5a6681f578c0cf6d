import javax.sql.DataSource;

import org.flywaydb.core.Flyway;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class Own {

	@Bean(initMethod = "migrate")
	Flyway flyway(DataSource dataSource) {
		return Flyway.configure(Thread.currentThread().getContextClassLoader()).dataSource(dataSource).load();
	}

}
