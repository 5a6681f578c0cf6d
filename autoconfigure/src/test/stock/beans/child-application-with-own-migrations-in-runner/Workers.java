import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.stereotype.Component;

@Component
class Workers implements DisposableBean, org.springframework.boot.ApplicationRunner {

	private ConfigurableApplicationContext worker;

	private final ConfigurableApplicationContext context;

	Workers(ConfigurableApplicationContext context) {
		this.context = context;
	}

	@Override
	public void run(org.springframework.boot.ApplicationArguments args) {
		this.worker = worker(this.context);
	}

	private static ConfigurableApplicationContext worker(ConfigurableApplicationContext context) {
		return new SpringApplicationBuilder(Child.Worker.class).parent(context)
			.web(WebApplicationType.NONE)
			.run("--spring.flyway.enabled=true", "--spring.flyway.locations=classpath:worker/migrations",
					"--spring.main.register-shutdown-hook=false", "--spring.jmx.enabled=false");
	}

	@Override
	public void destroy() {
		if (this.worker != null) {
			this.worker.close();
		}
	}

}
