import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Async;
import org.springframework.stereotype.Component;

@Component
public class WarmUp {

	private final JdbcClient client;

	public WarmUp(JdbcClient client) {
		this.client = client;
	}

	@Async
	public CompletableFuture<List<String>> load() {
		return CompletableFuture.completedFuture(this.client.sql("select name from flags").query(String.class).list());
	}

}
