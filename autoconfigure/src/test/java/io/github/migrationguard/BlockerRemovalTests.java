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

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import javax.sql.DataSource;

import io.github.migrationguard.BlockerRemoval.Outcome;
import io.github.migrationguard.BlockerRemoval.Result;
import io.github.migrationguard.MigrationGuard.GuardedMigration;
import io.github.migrationguard.lock.BlockedBy;
import io.github.migrationguard.lock.LockKey;
import io.github.migrationguard.lock.MigrationSession;
import io.github.migrationguard.testsupport.Awaiting;
import io.github.migrationguard.testsupport.EmbeddedPostgresTest;
import io.github.migrationguard.testsupport.OtherSession;
import io.github.migrationguard.testsupport.TestDatabase;
import io.github.migrationguard.watch.LockRequest;
import io.github.migrationguard.watch.QueuedSessions;
import io.github.migrationguard.watch.SessionSample;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.postgresql.ds.PGSimpleDataSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link BlockerRemoval} on a real database.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
@ExtendWith(OutputCaptureExtension.class)
class BlockerRemovalTests {

	private static final LockKey KEY = LockKey.of("orders", "orders");

	private static final Duration LONG = Duration.ofSeconds(30);

	private static final String READ = "select * from orders";

	private TestDatabase database;

	private MigrationSession holder;

	@BeforeEach
	void open(TestDatabase database) throws SQLException {
		this.database = database;
		database.client().sql("create table orders (id int)").update();
		this.holder = MigrationSession.open(new PooledConnectionSource(database.dataSource()));
		this.holder.prepare(KEY, "orders/pod-0", Map.of());
		this.holder.tryLock();
	}

	@AfterEach
	void close() {
		this.holder.close();
	}

	@Test
	@Tag("security:S5")
	@Tag("security:S8")
	@Tag("security:S30")
	void sessionInTheWayIsEndedAndNobodyElse(CapturedOutput output) {
		try (OtherSession idle = OtherSession.open(this.database, "idle").begin(READ);
				OtherSession bystander = OtherSession.open(this.database, "bystander").begin("select 1")) {
			CompletableFuture<Void> alter = alter();
			awaitBlocked();
			assertThat(removal().remove(bystander.pid(), "alice")).isEqualTo(Result.NOT_IN_THE_WAY);
			assertThat(removal().remove(idle.pid(), "al\nice")).isEqualTo(Result.ENDED);
			assertThat(alter).succeedsWithin(LONG);
			assertThat(idle.isAlive()).isFalse();
			assertThat(bystander.isAlive()).isTrue();
			assertThat(output)
				.containsPattern(("WARN .* The session pid %d \\(IDLE_IN_TRANSACTION, application idle, user %s,"
						+ " client 127\\.0\\.0\\.1, transaction open for .*\\) was ended on request of 'al\\\\u000aice', it was in the"
						+ " way of the migration 'liquibase'")
					.formatted(idle.pid(), this.database.username()));
			assertThat(output).doesNotContain(READ);
		}
	}

	@Test
	void rootOfChainIsInTheWay() {
		this.database.client().sql("create table customers (id int)").update();
		try (OtherSession root = OtherSession.open(this.database, "root").begin("lock table customers");
				OtherSession middle = OtherSession.open(this.database, "middle").begin(READ)) {
			middle.executeInBackground("select * from customers");
			CompletableFuture<Void> alter = alter();
			awaitBlocked();
			assertThat(removal().remove(root.pid(), "alice")).isEqualTo(Result.ENDED);
			middle.close();
			assertThat(alter).succeedsWithin(LONG);
		}
	}

	@Test
	@Tag("security:S5")
	void nobodyIsInTheWayOfHolderThatWaitsForNobody() {
		try (OtherSession idle = OtherSession.open(this.database, "idle").begin(READ)) {
			assertThat(removal().remove(idle.pid(), "alice")).isEqualTo(Result.NOT_IN_THE_WAY);
			this.holder.close();
			assertThat(removal().remove(idle.pid(), "alice")).isEqualTo(Result.NOT_IN_THE_WAY);
			assertThat(idle.isAlive()).isTrue();
		}
	}

	@Test
	void sessionThatHolderNamesWhileItBacksOffIsEndedByAnyInstance() throws SQLException {
		Long orders = this.database.client().sql("select 'orders'::regclass::oid").query(Long.class).single();
		try (OtherSession idle = OtherSession.open(this.database, "idle").begin(READ);
				OtherSession bystander = OtherSession.open(this.database, "bystander").begin("select 1")) {
			this.holder.backOff(new BlockedBy(idle.pid(), orders, "AEL"));
			assertThat(removal().remove(bystander.pid(), "alice")).isEqualTo(Result.NOT_IN_THE_WAY);
			assertThat(removal().remove(idle.pid(), "alice")).isEqualTo(Result.ENDED);
			Awaiting.await("the end").until(() -> !idle.isAlive());
			assertThat(bystander.isAlive()).isTrue();
		}
	}

	@Test
	void instanceThatBacksOffEndsWhoeverHoldsWhatItWants() throws SQLException {
		try (OtherSession first = OtherSession.open(this.database, "first").begin(READ);
				OtherSession second = OtherSession.open(this.database, "second").begin(READ);
				OtherSession bystander = OtherSession.open(this.database, "bystander").begin("select 1")) {
			CompletableFuture<Void> alter = alter();
			LockRequest wanted = awaitBlocked();
			this.holder.cancel();
			assertThat(alter).failsWithin(LONG);
			SessionSample sample = new SessionSample(Instant.now(), true, wanted, List.of(), QueuedSessions.NONE, null);
			BlockerRemoval removal = removal(MigrationState.BACKING_OFF,
					new MigrationStatus.Ddl(sample, List.of(), Map.of(), List.of()), dataSource());
			assertThat(removal.remove(second.pid(), "alice")).isEqualTo(Result.ENDED);
			assertThat(removal.remove(bystander.pid(), "alice")).isEqualTo(Result.NOT_IN_THE_WAY);
			Awaiting.await("the end").until(() -> !second.isAlive());
			assertThat(first.isAlive()).isTrue();
			assertThat(bystander.isAlive()).isTrue();
		}
	}

	@Test
	@Tag("security:S7")
	void refusalTellsWhatToGrant() {
		String role = this.database.createRole("analyst", "login");
		this.database.client().sql("grant select on orders to %s".formatted(role)).update();
		try (OtherSession idle = OtherSession.open(this.database, role, "idle").begin(READ)) {
			CompletableFuture<Void> alter = alter();
			awaitBlocked();
			Result result = removal().remove(idle.pid(), "alice");
			assertThat(result.outcome()).isEqualTo(Outcome.REFUSED);
			assertThat(result.reason()).contains("'grant pg_signal_backend to %s'".formatted(this.database.username()));
			assertThat(idle.isAlive()).isTrue();
			idle.commit();
			assertThat(alter).succeedsWithin(LONG);
		}
	}

	@Test
	void databaseThatIsDownIsTold() {
		PGSimpleDataSource down = new PGSimpleDataSource();
		down.setUrl("jdbc:postgresql://localhost:1/orders");
		Result result = removal(MigrationState.WAITING, MigrationStatus.Ddl.NONE, down).remove(1, "alice");
		assertThat(result.outcome()).isEqualTo(Outcome.UNAVAILABLE);
		assertThat(result.reason()).contains("localhost:1");
	}

	private CompletableFuture<Void> alter() {
		return CompletableFuture.runAsync(() -> {
			try (Connection connection = this.holder.connection(); Statement statement = connection.createStatement()) {
				// That of the session, two seconds, may be over before somebody looks
				statement.execute("set lock_timeout = 0");
				statement.execute("alter table orders add total int");
			}
			catch (SQLException ex) {
				throw new IllegalStateException(ex);
			}
		});
	}

	private LockRequest awaitBlocked() {
		try (ClusterSampler sampler = new ClusterSampler()) {
			Migrator migrator = migrator(dataSource());
			return Awaiting.await("blocked").until(() -> {
				sampler.refresh(List.of(migrator));
				ClusterSample sample = sampler.latest(migrator, KEY);
				SessionSample holder = (sample != null) ? sample.holder() : null;
				return (holder != null) ? holder.waitingFor() : null;
			}, (wanted) -> wanted != null);
		}
	}

	private BlockerRemoval removal() {
		return removal(MigrationState.WAITING, MigrationStatus.Ddl.NONE, dataSource());
	}

	private static BlockerRemoval removal(MigrationState state, MigrationStatus.Ddl ddl, DataSource dataSource) {
		Migrator migrator = migrator(dataSource);
		GuardedMigration migration = mock();
		given(migration.getMigrator()).willReturn(migrator);
		given(migration.getStatus()).willReturn(new MigrationStatus("liquibase", "liquibase", state, Instant.now(),
				null, MigrationStatus.Lock.unlocked(KEY), null, null, null, ddl));
		return new BlockerRemoval(migration);
	}

	private static Migrator migrator(DataSource dataSource) {
		Migrator migrator = mock();
		given(migrator.getDataSource()).willReturn(dataSource);
		return migrator;
	}

	private DataSource dataSource() {
		return new DriverManagerDataSource(this.database.url(), this.database.username(), this.database.password());
	}

}
