import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

import javax.sql.DataSource;

import io.github.migrationguard.stock.Calls;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

@Component
class Notifications implements SmartLifecycle, ApplicationRunner {

	private final DataSource dataSource;

	private final JdbcTemplate jdbcTemplate;

	private Connection connection;

	Notifications(DataSource dataSource, JdbcTemplate jdbcTemplate) {
		this.dataSource = dataSource;
		this.jdbcTemplate = jdbcTemplate;
	}

	@Override
	public int getPhase() {
		return -1000;
	}

	@Override
	public void start() {
		try {
			this.connection = this.dataSource.getConnection();
			PGConnection driver = this.connection.unwrap(PGConnection.class);
			try (Statement statement = this.connection.createStatement()) {
				statement.execute("listen flags");
			}
			Calls.record("notified at the start " + driver.getNotifications().length + ", flags "
					+ this.jdbcTemplate.queryForList("select name from flags", String.class));
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public void run(ApplicationArguments args) throws SQLException {
		this.jdbcTemplate.update("insert into flags values ('of a runner')");
		for (PGNotification notification : this.connection.unwrap(PGConnection.class).getNotifications(5000)) {
			Calls.record("notified " + notification.getName() + " " + notification.getParameter());
		}
	}

	@Override
	public void stop() {
		try {
			this.connection.close();
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
		this.connection = null;
	}

	@Override
	public boolean isRunning() {
		return this.connection != null;
	}

}
