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

package io.github.migrationguard.testsupport;

import java.time.Duration;
import java.util.List;

import io.github.migrationguard.testsupport.ReadLoad.Read;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ReadLoad} and {@link Stalls}: what proves that nobody stalls has to
 * see those who do.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
class ReadLoadTests {

	@Test
	void eachLockIsOneEpisodeHoweverManyReadersWaitForIt(TestDatabase database) throws Exception {
		database.client().sql("create table orders (id int)").update();
		database.client().sql("create table control (id int)").update();
		try (ReadLoad readers = ReadLoad.start(database, "orders", 8, 80);
				ReadLoad control = ReadLoad.start(database, "control", 2, 40);
				OtherSession session = OtherSession.open(database, "somebody")) {
			for (int lock = 0; lock < 2; lock++) {
				awaitReads(readers, 80);
				session.begin("lock table orders").execute("select pg_sleep(0.7)").commit();
			}
			awaitReads(readers, 8);
			Stalls stalls = Stalls.of(readers.stop(), control.stop());
			assertThat(stalls.episodes()).as(stalls.toString()).hasSize(2);
			assertThat(stalls.longest()).as(stalls.toString())
				.isBetween(Duration.ofMillis(350), Duration.ofMillis(2000));
		}
	}

	private static void awaitReads(ReadLoad load, int more) {
		int before = load.count();
		Awaiting.await(more + " reads").until(() -> load.count() >= before + more);
	}

	@Test
	void whatTheMachineDoesToAllReadsIsNoStall() {
		List<Read> control = List.of(read(0, 10), read(1000, 1500), read(5000, 5010));
		assertThat(Stalls.of(List.of(read(0, 5), read(990, 1520), read(1100, 1500)), control).episodes()).isEmpty();
		assertThat(Stalls.of(List.of(read(990, 1920), read(1100, 1910)), control).episodes())
			.containsExactly(Duration.ofMillis(420));
	}

	@Test
	void whatTheMachineDoesToOneReaderIsNoStall() {
		assertThat(Stalls.of(List.of(read(0, 300), read(10, 300), read(50, 60)), List.of()).episodes()).isEmpty();
		assertThat(Stalls.of(List.of(read(0, 300), read(10, 20), read(50, 300)), List.of()).episodes())
			.containsExactly(Duration.ofMillis(300));
	}

	@Test
	void readsThatWaitAtTheSameTimeAreOneStall() {
		List<Read> reads = List.of(read(0, 300), read(40, 310), read(200, 305), read(500, 650), read(800, 805));
		assertThat(Stalls.of(reads, List.of()).episodes()).containsExactly(Duration.ofMillis(300),
				Duration.ofMillis(150));
	}

	private static Read read(long start, long end) {
		return new Read(Duration.ofMillis(start).toNanos(), Duration.ofMillis(end).toNanos());
	}

}
