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
	static org.springframework.beans.factory.config.BeanPostProcessor wrapping() {
		return new org.springframework.beans.factory.config.BeanPostProcessor() {

			@Override
			public Object postProcessAfterInitialization(Object bean, String name) {
				return (bean instanceof DataSource source) ? new org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy(source) : bean;
			}

		};
	}

}
