import io.github.migrationguard.stock.Calls;
import liquibase.Liquibase;
import liquibase.integration.spring.Customizer;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class CustomizerConfiguration {

	@Bean
	Customizer<Liquibase> customizer() {
		return (liquibase) -> {
			Calls.record("customize");
			liquibase.setChangeLogParameter("type", "bigint");
		};
	}

}
