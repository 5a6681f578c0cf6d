import javax.sql.DataSource;

import org.flywaydb.core.Flyway;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class Own {

	@Bean
	Flyway flyway(DataSource dataSource) {
		Flyway flyway = Flyway.configure(Thread.currentThread().getContextClassLoader()).dataSource(dataSource).load();
		flyway.migrate();
		return flyway;
	}

}
