import java.time.Instant;
import java.util.concurrent.CountDownLatch;

import io.github.migrationguard.stock.Calls;

import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

@Configuration(proxyBeanMethods = false)
@EnableScheduling
class Jobs implements ApplicationRunner {

	private final JdbcTemplate jdbcTemplate;

	private final ThreadPoolTaskScheduler own = new ThreadPoolTaskScheduler();

	private final CountDownLatch scheduled = new CountDownLatch(1);

	private final CountDownLatch ownScheduled = new CountDownLatch(1);

	Jobs(JdbcTemplate jdbcTemplate) {
		this.jdbcTemplate = jdbcTemplate;
		this.own.initialize();
		this.own.schedule(() -> {
			read("own scheduler");
			this.ownScheduled.countDown();
		}, Instant.now());
	}

	@Scheduled(initialDelay = 0, fixedDelay = Long.MAX_VALUE)
	void scheduled() throws InterruptedException {
		this.ownScheduled.await();
		read("scheduled");
		this.scheduled.countDown();
	}

	private void read(String name) {
		try {
			Calls.record(name + " reads " + this.jdbcTemplate.queryForList("select name from flags", String.class));
		}
		catch (RuntimeException ex) {
			Calls.record(name + " fails with " + ex.getClass().getSimpleName());
		}
	}

	@Override
	public void run(ApplicationArguments args) throws InterruptedException {
		this.scheduled.await();
		this.own.shutdown();
	}

}
