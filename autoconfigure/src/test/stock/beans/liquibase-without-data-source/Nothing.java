import io.github.migrationguard.stock.Calls;
import liquibase.integration.spring.SpringLiquibase;

import org.springframework.stereotype.Component;

@Component
public class Nothing extends SpringLiquibase {

	@Override
	public void afterPropertiesSet() {
		Calls.record("does nothing");
	}

}
