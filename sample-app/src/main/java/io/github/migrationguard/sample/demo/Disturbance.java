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

package io.github.migrationguard.sample.demo;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import io.github.migrationguard.sample.demo.MigrationsStatus.Blocker;
import io.github.migrationguard.sample.demo.Reader.Readings;
import io.github.migrationguard.sample.embedded.EmbeddedDatabase;
import org.jspecify.annotations.Nullable;

/**
 * What makes a migration difficult: a {@link ForgottenSession} that is in its way, and
 * readers who must not suffer from that.
 *
 * @author Migration Guard
 */
class Disturbance implements AutoCloseable {

	private static final int READERS = 4;

	private static final int MILLIS_BETWEEN_READS = 50;

	private final BlockerOptions options;

	private final ForgottenSession session;

	private final List<Reader> readers = new ArrayList<>();

	private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(READERS);

	private final Map<String, Blocker> seen = new ConcurrentHashMap<>();

	private volatile @Nullable Instant seenAt;

	Disturbance(EmbeddedDatabase database, BlockerOptions options) throws SQLException {
		this.options = options;
		this.session = new ForgottenSession(database);
		for (int i = 0; i < READERS; i++) {
			Reader reader = new Reader(database.connect("shop"));
			this.readers.add(reader);
			this.threads.scheduleWithFixedDelay(reader, 0, MILLIS_BETWEEN_READS, TimeUnit.MILLISECONDS);
		}
	}

	/**
	 * Let the owner of the forgotten session end it if it is time.
	 * @param frame what is going on
	 */
	void look(Frame frame) {
		frame.blockers().forEach((blocker) -> this.seen.put(String.valueOf(blocker.pid()), blocker));
		Instant seenAt = this.seenAt;
		if (seenAt == null && !frame.blockers().isEmpty()) {
			this.seenAt = frame.time();
		}
		else if (seenAt != null && this.options.endedByOwner()
				&& Duration.between(seenAt, frame.time()).compareTo(this.options.patience()) > 0) {
			this.session.remember();
		}
	}

	Readings readings() {
		return this.readers.stream().map(Reader::readings).reduce(Readings.NONE, Readings::and);
	}

	/**
	 * Return who was in the way, as it was seen last.
	 * @return the sessions
	 */
	Collection<Blocker> seen() {
		return this.seen.values();
	}

	/**
	 * Tell how the forgotten session ended.
	 * @return who ended it
	 */
	String end() {
		return this.session.isTerminated() ? "terminated by the migration" : "its owner ended the transaction";
	}

	@Override
	public void close() {
		this.threads.shutdownNow();
		this.readers.forEach(Reader::close);
		this.session.close();
	}

}
