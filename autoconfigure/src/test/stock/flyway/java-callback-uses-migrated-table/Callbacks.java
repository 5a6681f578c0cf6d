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
public class Callbacks {

		@Bean
		org.flywaydb.core.api.callback.Callback all(DataSource dataSource) {
			return new org.flywaydb.core.api.callback.Callback() {

				@Override
				public boolean supports(org.flywaydb.core.api.callback.Event event, org.flywaydb.core.api.callback.Context context) {
					return true;
				}

				@Override
				public boolean canHandleInTransaction(org.flywaydb.core.api.callback.Event event, org.flywaydb.core.api.callback.Context context) {
					return true;
				}

				@Override
				public void handle(org.flywaydb.core.api.callback.Event event, org.flywaydb.core.api.callback.Context context) {
					if (event == org.flywaydb.core.api.callback.Event.AFTER_MIGRATE) {
		Calls.record("a " + new JdbcTemplate(dataSource).queryForList("select id from a"));
	}
				}

				@Override
				public String getCallbackName() {
					return "all";
				}

			};
		}

}
