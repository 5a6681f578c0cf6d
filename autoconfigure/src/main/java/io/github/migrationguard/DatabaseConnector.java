/*
 * Copyright 2026-present the original author or authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package io.github.migrationguard;

import java.sql.SQLException;
import java.time.Duration;

import io.github.migrationguard.lock.ConnectionSource;
import io.github.migrationguard.lock.MigrationSession;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.core.retry.RetryException;
import org.springframework.core.retry.RetryListener;
import org.springframework.core.retry.RetryPolicy;
import org.springframework.core.retry.RetryTemplate;
import org.springframework.core.retry.Retryable;

/**
 * Opens the session of a run, with patience for a database that is not up yet or out of
 * connection slots.
 *
 * @author Migration Guard
 */
final class DatabaseConnector {

	private static final Log logger = LogFactory.getLog(DatabaseConnector.class);

	private final RunContext run;

	private final ConnectionSource source;

	private final Duration timeout;

	private final Duration left;

	private final long start = System.nanoTime();

	/**
	 * Create a connector.
	 * @param run the run
	 * @param left how much is left of the time for which the database may be unavailable
	 */
	DatabaseConnector(RunContext run, Duration left) {
		this.run = run;
		this.source = new PooledConnectionSource(run.migrator().getDataSource());
		this.timeout = run.settings().databaseWaitTimeout();
		this.left = left;
	}

	MigrationSession connect() {
		RetryTemplate retry = new RetryTemplate(RetryPolicy.builder()
			.maxRetries(this.timeout.isZero() ? 0 : Long.MAX_VALUE)
			.delay(Duration.ofMillis(200))
			.multiplier(2)
			.maxDelay(Duration.ofSeconds(2))
			.jitter(Duration.ofMillis(50))
			.predicate(this::isToBeTriedAgain)
			.build());
		retry.setRetryListener(new WaitListener());
		try {
			return retry.execute(() -> MigrationSession.open(this.source));
		}
		catch (RetryException ex) {
			this.run.checkStop();
			Throwable cause = ex.getCause();
			ServerCheck.throwIfUnfit(this.run, cause);
			throw new DatabaseUnavailableException(this.run.name(),
					SqlFailures.isNotThereYet(cause) ? this.timeout : null, cause);
		}
	}

	/**
	 * The timeout of Spring's policy ends when somebody sets the clock.
	 */
	private boolean isToBeTriedAgain(Throwable failure) {
		return SqlFailures.isNotThereYet(failure) && waited().compareTo(this.left) < 0;
	}

	private Duration waited() {
		return Duration.ofNanos(System.nanoTime() - this.start);
	}

	private final class WaitListener implements RetryListener {

		private final WaitLog log = new WaitLog();

		@Override
		public void beforeRetry(RetryPolicy policy, Retryable<?> retryable) {
			DatabaseConnector.this.run.checkStop();
		}

		@Override
		public void onRetryFailure(RetryPolicy policy, Retryable<?> retryable, Throwable failure) {
			Duration waited = waited();
			String message = SqlFailures.findMessage(failure);
			DatabaseConnector.this.run.board()
				.update((status) -> status
					.withError(new MigrationStatus.Failure(message, SqlFailures.findSqlState(failure), null)));
			if (failure instanceof SQLException && this.log.isDue(waited)) {
				logger.warn("Migration '%s' cannot connect to its database yet, trying for %s: %s"
					.formatted(DatabaseConnector.this.run.name(), DatabaseConnector.this.timeout, message));
			}
		}

	}

}
