import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.github.migrationguard.stock.Calls;

import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.scheduling.annotation.EnableAsync;

@Configuration(proxyBeanMethods = false)
@EnableAsync
class Caches {

	private final CompletableFuture<List<String>> flags;

	Caches(WarmUp warmUp) {
		this.flags = warmUp.load();
	}

	@EventListener(ApplicationStartedEvent.class)
	void started() {
		Calls.record("flags " + this.flags.join());
	}

}
