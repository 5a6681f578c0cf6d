import java.util.Map;
import java.util.TreeMap;

import com.zaxxer.hikari.HikariDataSource;
import io.github.migrationguard.stock.Calls;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.jdbc.DataSourceBuilder;
import org.springframework.context.annotation.DependsOn;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

@Component
@DependsOn("flywayInitializer")
class Tenants implements DisposableBean {

	private final HikariDataSource pool;

	Tenants(javax.sql.DataSource dataSource) {
		this.pool = DataSourceBuilder.derivedFrom(dataSource).type(HikariDataSource.class).build();
		this.pool.setMaximumPoolSize(2);
		Calls.record("tenants "
				+ new JdbcTemplate(this.pool).queryForList("select name from tenants order by name", String.class));
	}

	@Override
	public void destroy() {
		this.pool.close();
	}

}
