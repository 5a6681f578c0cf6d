import javax.sql.DataSource;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.context.annotation.Bean;

@AutoConfiguration(after = FlywayAutoConfiguration.class)
public class EventsAutoConfiguration {

	@Bean
	EventsInitializer eventsInitializer(DataSource dataSource) {
		return new EventsInitializer(dataSource);
	}

}
