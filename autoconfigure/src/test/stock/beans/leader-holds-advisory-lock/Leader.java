import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

import javax.sql.DataSource;

import io.github.migrationguard.stock.Calls;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.annotation.DependsOn;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

@Component
@DependsOn("jdbcTemplate")
class Leader implements DisposableBean {

	private final Connection connection;

	Leader(DataSource dataSource, JdbcTemplate jdbcTemplate) throws SQLException {
		this.connection = dataSource.getConnection();
		try (Statement statement = this.connection.createStatement();
				ResultSet result = statement.executeQuery("select pg_try_advisory_lock(4711)")) {
			result.next();
			Calls.record("leader " + result.getBoolean(1));
		}
		for (int i = 0; i < 2; i++) {
			Calls.record("locked " + jdbcTemplate.update("""
					insert into shedlock values ('warm-up', now() + interval '1 hour', 'me')
					on conflict (name) do update set locked_by = 'me again' where shedlock.lock_until <= now()"""));
		}
	}

	@Override
	public void destroy() throws SQLException {
		try (Connection connection = this.connection; Statement statement = connection.createStatement();
				ResultSet result = statement.executeQuery("select pg_advisory_unlock(4711)")) {
			result.next();
			Calls.record("released " + result.getBoolean(1));
		}
	}

}
