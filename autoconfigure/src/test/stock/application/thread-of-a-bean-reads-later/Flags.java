import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Map;

import javax.sql.DataSource;

import io.github.migrationguard.stock.Calls;

import org.springframework.beans.factory.annotation.*;
import org.springframework.context.annotation.*;
import org.springframework.jdbc.core.JdbcTemplate;

@Configuration(proxyBeanMethods = false)
public class Flags {

	private final Thread thread;

	Flags(JdbcTemplate jdbcTemplate) {
		this.thread = new Thread(() -> {
			try {
				Calls.record("flags " + jdbcTemplate.queryForList("select name from flags order by name", String.class));
			}
			catch (Exception ex) {
				Calls.record("fails " + ex.getClass());
			}
		});
		this.thread.start();
	}

	@org.springframework.context.event.EventListener(org.springframework.boot.context.event.ApplicationReadyEvent.class)
	void join() throws InterruptedException {
		this.thread.join();
	}

}
