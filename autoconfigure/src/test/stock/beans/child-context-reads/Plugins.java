import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

@Component
class Plugins implements DisposableBean {

	private final ConfigurableApplicationContext plugin;

	Plugins(ConfigurableApplicationContext context, JdbcTemplate jdbcTemplate) {
		this.plugin = new SpringApplicationBuilder(Child.Plugin.class).web(WebApplicationType.NONE)
			.properties("spring.main.register-shutdown-hook=false")
			.initializers((child) -> child.getBeanFactory().registerSingleton("templateOfParent", jdbcTemplate))
			.run();
	}

	@Override
	public void destroy() {
		this.plugin.close();
	}

}
