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
public class Scripts {

	@Bean
	org.springframework.jdbc.datasource.init.DataSourceInitializer scripts(DataSource dataSource) {
		org.springframework.jdbc.datasource.init.DataSourceInitializer initializer = new org.springframework.jdbc.datasource.init.DataSourceInitializer();
		initializer.setDataSource(dataSource);
		initializer.setDatabasePopulator(new org.springframework.jdbc.datasource.init.ResourceDatabasePopulator(
				new org.springframework.core.io.ClassPathResource("mine.sql")));
		return initializer;
	}

}
