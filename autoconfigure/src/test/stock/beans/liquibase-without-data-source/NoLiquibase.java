import io.github.migrationguard.stock.Calls;
import liquibase.integration.spring.SpringLiquibase;

import org.springframework.stereotype.Component;

@Component
class NoLiquibase extends SpringLiquibase {

	@Override
	public void afterPropertiesSet() {
		Calls.record("nothing");
	}

}
