import io.github.migrationguard.stock.Calls;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

@Component
class FlagsPostProcessor implements BeanPostProcessor, Ordered {

	FlagsPostProcessor(JdbcTemplate jdbcTemplate) {
		Calls.record("flags " + jdbcTemplate.queryForList("select name from flags", String.class));
	}

	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE;
	}

}
