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

	@Bean
	@Primary
	DataSource mocked() throws Exception {
		DataSource mocked = org.mockito.Mockito.mock(DataSource.class);
		org.mockito.Mockito.when(mocked.getConnection()).thenThrow(new java.sql.SQLException("no database today"));
		return mocked;
	}

}
