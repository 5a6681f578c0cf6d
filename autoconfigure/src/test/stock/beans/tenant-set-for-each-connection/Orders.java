import io.github.migrationguard.stock.Calls;

import org.springframework.beans.factory.InitializingBean;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

@Component
class Orders implements InitializingBean {

	private final JdbcTemplate jdbcTemplate;

	Orders(JdbcTemplate jdbcTemplate) {
		this.jdbcTemplate = jdbcTemplate;
	}

	@Override
	public void afterPropertiesSet() {
		TenantPostProcessor.TENANT.set("acme");
		this.jdbcTemplate.update("insert into orders (name) values ('of acme')");
		Calls.record("acme sees " + this.jdbcTemplate.queryForList("select name from orders order by name", String.class));
		TenantPostProcessor.TENANT.remove();
		Calls.record("nobody sees " + this.jdbcTemplate.queryForList("select name from orders order by name", String.class));
	}

}
