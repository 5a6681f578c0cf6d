import java.io.StringReader;
import java.sql.Array;
import java.sql.Connection;
import java.util.Map;

import javax.sql.DataSource;

import io.github.migrationguard.stock.Calls;
import jakarta.annotation.PostConstruct;
import org.postgresql.PGConnection;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.SimpleJdbcInsert;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.stereotype.Component;

@Component
class People {

	private final JdbcTemplate jdbcTemplate;

	People(JdbcTemplate jdbcTemplate) {
		this.jdbcTemplate = jdbcTemplate;
	}

	@PostConstruct
	void load() throws Exception {
		DataSource dataSource = this.jdbcTemplate.getDataSource();
		Connection connection = DataSourceUtils.getConnection(dataSource);
		try {
			Array moods = connection.createArrayOf("mood", new String[] { "sad", "ok" });
			Calls.record("an array of " + moods.getBaseTypeName());
			Calls.record("copied " + connection.unwrap(PGConnection.class)
				.getCopyAPI()
				.copyIn("copy people from stdin (format csv)", new StringReader("ann,ok\nbob,sad\n")));
		}
		finally {
			DataSourceUtils.releaseConnection(connection, dataSource);
		}
		new SimpleJdbcInsert(this.jdbcTemplate).withTableName("people").usingColumns("name").execute(Map.of("name", "carl"));
	}

}
