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

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

import io.github.migrationguard.sample.demo.Reader.Readings;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link Reader}.
 *
 * @author Migration Guard
 */
class ReaderTests {

	private final Connection connection = mock();

	private final PreparedStatement statement = mock();

	private final Reader reader = new Reader(this.connection);

	@Test
	void readThatGoesOnIsStalledAlready() throws Exception {
		CountDownLatch lock = new CountDownLatch(1);
		given(this.connection.prepareStatement(anyString())).willReturn(this.statement);
		given(this.statement.execute()).willAnswer((invocation) -> {
			lock.await();
			return true;
		});
		assertThat(this.reader.readings()).isEqualTo(Readings.NONE);
		CompletableFuture<Void> read = CompletableFuture.runAsync(this.reader);
		await().until(() -> this.reader.readings().slow() == 1);
		assertThat(this.reader.readings().longest()).isGreaterThan(Duration.ofMillis(100));
		lock.countDown();
		read.join();
		Readings readings = this.reader.readings();
		assertThat(readings.count()).isOne();
		assertThat(readings.slow()).isOne();
		assertThat(this.reader.readings()).isEqualTo(readings);
	}

	@Test
	void readThatFailsIsNone() throws Exception {
		given(this.connection.prepareStatement(anyString())).willThrow(new SQLException("The end"));
		this.reader.run();
		assertThat(this.reader.readings()).isEqualTo(Readings.NONE);
	}

	@Test
	void readingsOfSeveralReadersAreAddedUp() {
		Readings one = new Readings(10, 1, Duration.ofMillis(500));
		Readings other = new Readings(20, 2, Duration.ofMillis(300));
		assertThat(one.and(other)).isEqualTo(new Readings(30, 3, Duration.ofMillis(500))).isEqualTo(other.and(one));
	}

}
