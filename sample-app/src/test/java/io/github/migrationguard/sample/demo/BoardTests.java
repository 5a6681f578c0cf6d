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

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

import io.github.migrationguard.sample.demo.MigrationsStatus.Current;
import io.github.migrationguard.sample.demo.MigrationsStatus.Migration;
import io.github.migrationguard.sample.demo.MigrationsStatus.Progress;
import io.github.migrationguard.sample.demo.Reader.Readings;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStyle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Board}.
 *
 * @author Migration Guard
 */
class BoardTests {

	private final Board board = new Board(true);

	@Test
	void boardHasOneRowPerReplica() {
		assertThat(draw(Snapshots.migrating(), Snapshots.waiting(), Snapshots.ready(), Snapshots.starting()))
			.isEqualTo("""

					Migration Guard  replicas start at once  7.5 s

					REPLICA   STATE       WAITED  LOCK HELD BY     PROGRESS                        READINESS  PORT
					orders-1  MIGRATING   0.0 s   orders-1 (4242)  ━━━━━━━━━━━━━━━━········  8/12  503        8081
					orders-2  WAITING     6.2 s   orders-1 (4242)  ━━━━━━━━━━━━━━━━········  8/12  503        8082
					orders-3  UP_TO_DATE  11.3 s                   ━━━━━━━━━━━━━━━━━━━━━━━━ 12/12  200        8083
					orders-4  STARTING                                                             -          8084

					Running   backfill-order-total in 006-order-total.sql, 5.1 s
					Endpoint  curl -s localhost:8084/actuator/migrations
					Logs      target/demo-logs
					Ctrl-C    stops everything
					""");
	}

	@Test
	void migrationOfFlywayIsItsScript() {
		Progress progress = new Progress(8, 4, new Current("V9__backfill_order_total.sql", Snapshots.NOW), null, null);
		ReplicaSnapshot migrating = ReplicaSnapshot.started("orders-1", 8081)
			.answered(503, new Migration("MIGRATING", null, progress, null, null));
		assertThat(draw(migrating)).contains("Running   V9__backfill_order_total.sql, 0.0 s");
	}

	@Test
	void blockerItsAttemptsAndTheReadersHaveLinesOfTheirOwn() {
		Frame frame = new Frame("replicas start at once", Snapshots.NOW, Duration.ofMillis(7500), Path.of("logs"),
				List.of(Snapshots.ready(), Snapshots.backingOff()), new Readings(1234, 2, Duration.ofMillis(587)));
		assertThat(text(this.board.draw(frame, 120))).contains("""
				BACKING_OFF  0.0 s\
				""",
				"""

						Blocker   psql (pid 999), IDLE_IN_TRANSACTION, holds AccessShareLock on orders, transaction open for 14.2 s
						Attempts  add-order-total in 006-order-total.sql: STALL after 0.6 s
						Readers   longest stall 0.6 s, 2 of 1234 reads took more than 0.1 s
						Running""");
	}

	@Test
	void withoutReplicasThereIsOnlyTheHeadline() {
		assertThat(draw()).isEqualTo("""

				Migration Guard  replicas start at once  7.5 s
				""");
	}

	@Test
	void inTheEndOnlyTheLogsAreLeftToLookAt() {
		assertThat(draw(Snapshots.ready(), Snapshots.exited())).endsWith("""

				Logs      target/demo-logs
				""").doesNotContain("curl").doesNotContain("Ctrl-C");
	}

	@Test
	void asciiIsEnough() {
		assertThat(text(new Board(false).draw(frame(Snapshots.migrating()), 80))).contains("######...  8/12")
			.matches("\\p{ASCII}+");
	}

	@ParameterizedTest
	@ValueSource(ints = { 20, 60, 80, 120, 200 })
	void noLineIsWiderThanTheTerminal(int width) {
		assertThat(this.board.draw(frame(Snapshots.migrating(), Snapshots.waiting()), width))
			.allSatisfy((line) -> assertThat(line.columnLength()).isLessThanOrEqualTo(width));
	}

	@Test
	void longStateMakesRoomForItself() {
		ReplicaSnapshot waiting = ReplicaSnapshot.started("orders-10", 8090)
			.answered(503, new Migration("WAITING_FOR_CHANGELOG_LOCK", null, null, null, null));
		assertThat(draw(Snapshots.starting(), waiting)).contains("orders-4   STARTING                    ")
			.contains("orders-10  WAITING_FOR_CHANGELOG_LOCK  ");
	}

	@Test
	void readyReplicaIsGreen() {
		assertThat(styleOf("200", Snapshots.ready()))
			.isEqualTo(AttributedStyle.DEFAULT.foreground(AttributedStyle.GREEN));
	}

	@Test
	void endedReplicaIsRed() {
		assertThat(styleOf("EXITED 1", Snapshots.exited()))
			.isEqualTo(AttributedStyle.DEFAULT.foreground(AttributedStyle.RED));
	}

	private AttributedStyle styleOf(String text, ReplicaSnapshot replica) {
		AttributedString row = this.board.draw(frame(replica), 100).get(4);
		return row.styleAt(row.toString().indexOf(text));
	}

	private String draw(ReplicaSnapshot... replicas) {
		return text(this.board.draw(frame(replicas), 100));
	}

	private Frame frame(ReplicaSnapshot... replicas) {
		return new Frame("replicas start at once", Snapshots.NOW, Duration.ofMillis(7500), Path.of("target/demo-logs"),
				List.of(replicas), null);
	}

	private String text(List<AttributedString> lines) {
		return lines.stream().map(AttributedString::toString).collect(Collectors.joining("\n")).stripIndent() + "\n";
	}

}
