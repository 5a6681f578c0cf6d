import io.github.migrationguard.stock.Calls;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;

import org.springframework.boot.web.servlet.ServletContextInitializer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;

@Configuration(proxyBeanMethods = false)
class Web {

	@Bean
	ServletContextInitializer flags(JdbcTemplate jdbcTemplate) {
		return (servletContext) -> Calls.record("context " + jdbcTemplate.queryForList("select name from flags", String.class));
	}

	@Bean
	Filter flagFilter(JdbcTemplate jdbcTemplate) {
		return new Filter() {

			@Override
			public void init(FilterConfig config) throws ServletException {
				Calls.record("filter " + jdbcTemplate.queryForList("select name from flags", String.class));
			}

			@Override
			public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
					throws java.io.IOException, ServletException {
				chain.doFilter(request, response);
			}

		};
	}

}
