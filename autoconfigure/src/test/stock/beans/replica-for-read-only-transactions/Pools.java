import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.jdbc.DataSourceBuilder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;

@Configuration(proxyBeanMethods = false)
class Pools {

	@Bean
	HikariDataSource writer(Environment environment) {
		return pool(environment);
	}

	@Bean
	HikariDataSource replica(Environment environment) {
		HikariDataSource pool = pool(environment);
		pool.setReadOnly(true);
		pool.setMaximumPoolSize(1);
		return pool;
	}

	private static HikariDataSource pool(Environment environment) {
		HikariDataSource pool = DataSourceBuilder.create()
			.type(HikariDataSource.class)
			.url(environment.getProperty("stock.url"))
			.username(environment.getProperty("stock.username"))
			.password(environment.getProperty("stock.password"))
			.build();
		pool.setMaximumPoolSize(3);
		return pool;
	}

	@Bean
	@Primary
	DataSource dataSource(@Qualifier("writer") DataSource writer, @Qualifier("replica") DataSource replica) {
		LazyConnectionDataSourceProxy proxy = new LazyConnectionDataSourceProxy(writer);
		proxy.setReadOnlyDataSource(replica);
		return proxy;
	}

}
