import java.util.List;

import io.github.migrationguard.stock.Calls;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

@Component
class FlagsPostProcessor implements BeanPostProcessor {

	private final List<String> flags;

	FlagsPostProcessor(JdbcTemplate jdbcTemplate) {
		this.flags = jdbcTemplate.queryForList("select name from flags", String.class);
		Calls.record("flags " + this.flags);
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		if (beanName.equals("switched")) {
			Calls.record("switched by " + this.flags);
		}
		return bean;
	}

}
