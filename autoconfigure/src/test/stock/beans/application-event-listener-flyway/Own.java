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
public class Own {

	@org.springframework.context.event.EventListener
	void started(org.springframework.boot.context.event.ApplicationStartedEvent event) {
		Calls.record("started");
	}

	@org.springframework.context.event.EventListener
	void ready(org.springframework.boot.context.event.ApplicationReadyEvent event) {
		Calls.record("ready");
	}

	@org.springframework.context.event.EventListener
	void closed(org.springframework.context.event.ContextClosedEvent event) {
		Calls.record("closed");
	}

}
