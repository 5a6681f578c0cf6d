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
public class Failing {

	@Bean
	io.micrometer.observation.ObservationHandler<io.micrometer.observation.Observation.Context> failing() {
		return new io.micrometer.observation.ObservationHandler<>() {

			@Override
			public void onStop(io.micrometer.observation.Observation.Context context) {
				if (!context.getName().startsWith("http")) {
					throw new IllegalStateException("A bug");
				}
			}

			@Override
			public boolean supportsContext(io.micrometer.observation.Observation.Context context) {
				return true;
			}

		};
	}

}
