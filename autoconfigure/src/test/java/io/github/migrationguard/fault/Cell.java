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

package io.github.migrationguard.fault;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import io.github.migrationguard.lock.LockKey;
import io.github.migrationguard.testsupport.Awaiting;
import io.github.migrationguard.testsupport.HostedReplica;
import io.github.migrationguard.testsupport.HostedReplica.Phase;
import io.github.migrationguard.testsupport.Ledger;
import io.github.migrationguard.testsupport.Ledger.Gate;
import io.github.migrationguard.testsupport.MigrationTool;
import io.github.migrationguard.testsupport.Migrations;
import io.github.migrationguard.testsupport.OtherSession;
import io.github.migrationguard.testsupport.ReplicaHosts;
import io.github.migrationguard.testsupport.TestDatabase;
import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A replica that is hit by a fault, on a database of its own, and another one.
 *
 * @author Migration Guard
 */
final class Cell implements AutoCloseable {

	private static final String GATE = "held";

	private static final String SESSIONS = """
			from pg_stat_activity where datname = current_database() and application_name like 'mg:%' and\s""";

	private final MigrationTool tool;

	private final Position position;

	private final Ground ground;

	private final Migrations migrations;

	private final List<HostedReplica> replicas = new ArrayList<>();

	private final List<OtherSession> sessions = new ArrayList<>();

	private final Fault fault;

	private List<Integer> holders = List.of();

	private TestDatabase database;

	private Ledger ledger;

	private @Nullable HostedReplica hit;

	private @Nullable HostedReplica other;

	Cell(MigrationTool tool, Position position, Fault fault, Ground ground) {
		this.tool = tool;
		this.position = position;
		this.ground = ground;
		this.migrations = FaultMigrations.of(tool);
		this.fault = fault;
		this.database = ground.takeDatabase();
		this.ledger = Ledger.install(this.database);
	}

	MigrationTool tool() {
		return this.tool;
	}

	Position position() {
		return this.position;
	}

	boolean isLockLost() {
		return this.position.isMigrating() && this.fault.isLockLost(this.position);
	}

	TestDatabase database() {
		return this.database;
	}

	/**
	 * Go on with another server.
	 */
	void moveTo(TestDatabase database) {
		this.database = database;
		this.ledger = Ledger.of(database);
		this.sessions.clear();
	}

	HostedReplica hit() {
		return replica(this.hit);
	}

	HostedReplica other() {
		return replica(this.other);
	}

	private static HostedReplica replica(@Nullable HostedReplica replica) {
		assertThat(replica).isNotNull();
		return replica;
	}

	HostedReplica startHit(String... held) {
		ReplicaHosts.Builder builder = builder();
		List.of(held).forEach(builder::hold);
		this.fault.customize(builder, this.database, this.ground);
		this.hit = start(builder);
		return this.hit;
	}

	void startOther() {
		this.other = start(builder());
	}

	void startOtherThatWaits() {
		startOther();
		awaitParticipants(2);
	}

	private ReplicaHosts.Builder builder() {
		ReplicaHosts.Builder builder = this.ground.hosts().guarded(this.database, this.migrations);
		this.ground.url(this.database).ifPresent((url) -> builder.property("spring.datasource.url", url));
		return builder.property("migration-guard.shutdown.grace", "1s")
			.property("migration-guard.ddl.lock-timeout", "300ms")
			.property("migration-guard.database.wait-timeout", "10m");
	}

	private HostedReplica start(ReplicaHosts.Builder builder) {
		HostedReplica replica = builder.start();
		this.replicas.add(replica);
		return replica;
	}

	Gate closeGate() {
		return this.ledger.close(GATE);
	}

	OtherSession openSession(String name) {
		OtherSession session = OtherSession.open(this.database, name);
		this.sessions.add(session);
		return session;
	}

	void limitConnections(int limit) {
		this.database.superuser()
			.sql("alter role %s connection limit %d".formatted(this.database.username(), limit))
			.update();
	}

	void awaitSession(String condition) {
		Awaiting.awaitInDatabase(condition)
			.until(() -> this.database.poller()
				.sql("select exists (select " + SESSIONS + condition + ")")
				.query(Boolean.class)
				.single());
	}

	void awaitParticipants(int count) {
		Awaiting.awaitInDatabase(count + " replicas that wait or migrate").until(() -> participants() == count);
	}

	private int participants() {
		return this.database.poller()
			.sql("""
					select count(distinct pid) from pg_locks where locktype = 'advisory' and granted
					  and classid::bigint = ? and database = (select oid from pg_database where datname = current_database())
					""")
			.param(LockKey.NAMESPACE + 1L)
			.query(Integer.class)
			.single();
	}

	/**
	 * Return the sessions of the replica that is hit.
	 */
	List<Integer> sessionsOfHit() {
		return this.database.superuser()
			.sql("select pid " + SESSIONS + "application_name like ?")
			.param("%:" + hit().name())
			.query(Integer.class)
			.list();
	}

	/**
	 * Wait until the session that watches a statement is there.
	 */
	List<Integer> awaitMonitors() {
		return Awaiting.awaitInDatabase("a session that watches").until(this::monitors, (pids) -> !pids.isEmpty());
	}

	private List<Integer> monitors() {
		return this.database.poller()
			.sql("""
					select pid from pg_stat_activity where datname = current_database() and usename = ?
					  and application_name not like 'mg:%' and query like '%pg_blocking_pids%'""")
			.param(this.database.username())
			.query(Integer.class)
			.list();
	}

	void signal(String function, List<Integer> sessions) {
		assertThat(sessions).as("sessions in %s", this).isNotEmpty();
		sessions.forEach((pid) -> this.database.superuser()
			.sql("select %s(?)".formatted(function))
			.param(pid)
			.query(Boolean.class)
			.single());
	}

	void limitConnectionsToThoseOpen() {
		limitConnections(this.database.superuser()
			.sql("select count(*) from pg_stat_activity where usename = ?")
			.param(this.database.username())
			.query(Integer.class)
			.single());
	}

	void rememberHolder() {
		this.holders = holders();
		assertThat(this.holders).as("holders in %s", this).hasSize(1);
	}

	/**
	 * Wait until another session than the one that was remembered holds the lock, or has
	 * done what is left and is gone already.
	 */
	Duration awaitOtherHolder() {
		long start = System.nanoTime();
		Awaiting.awaitInDatabase("another holder in " + this)
			.until(() -> Stream.concat(holders().stream(), runners().stream())
				.anyMatch((pid) -> !this.holders.contains(pid)));
		return Duration.ofNanos(System.nanoTime() - start);
	}

	private List<Integer> runners() {
		return this.database.poller().sql("select distinct pid from ledger.event").query(Integer.class).list();
	}

	private List<Integer> holders() {
		return this.database.poller()
			.sql("""
					select pid from pg_locks where locktype = 'advisory' and granted and mode = 'ExclusiveLock'
					  and classid::bigint = ? and database = (select oid from pg_database where datname = current_database())
					""")
			.param((long) LockKey.NAMESPACE)
			.query(Integer.class)
			.list();
	}

	/**
	 * Take everything out of the way that keeps the replicas in their positions.
	 */
	void clear() {
		limitConnections(-1);
		this.ledger.openAll();
		hit().release();
		this.sessions.forEach(OtherSession::close);
		this.sessions.clear();
	}

	/**
	 * Wait until nobody starts any more.
	 */
	void awaitEnd() {
		this.replicas.forEach(HostedReplica::awaitEnd);
	}

	/**
	 * Return what has become of the replica that was hit.
	 */
	Outcome outcome() {
		boolean othersFailed = this.other != null && other().phase() != Phase.READY;
		return Outcome.of(hit().isAlive() ? hit().phase() : Phase.GONE, othersFailed, hit().failure());
	}

	/**
	 * Start another replica if nobody has become ready, and check what there is in the
	 * end.
	 */
	void finish() {
		if (this.replicas.stream().noneMatch((replica) -> replica.phase() == Phase.READY)) {
			HostedReplica next = start(builder());
			assertThat(next.awaitEnd()).as("next start in %s: %s", this, next.failure()).isEqualTo(Phase.READY);
		}
		assertInvariants();
	}

	private void assertInvariants() {
		int units = this.migrations.identifiers().size();
		assertThat(this.replicas).as("ready replicas of %s", this)
			.filteredOn((replica) -> replica.phase() == Phase.READY)
			.allSatisfy((replica) -> assertThat(replica.unitsWhenReady().orElse(units)).isEqualTo(units));
		this.replicas.forEach(HostedReplica::close);
		this.ledger.assertAppliedExactlyOnce(this.migrations);
		FaultMigrations.assertApplied(this.database);
		Awaiting.awaitInDatabase("no session left in " + this)
			.until(() -> this.database.sessions().stream().noneMatch((it) -> it.applicationName().startsWith("mg:")));
		Awaiting.awaitInDatabase("no lock left in " + this).until(() -> this.database.advisoryLocks().isEmpty());
		if (this.tool == MigrationTool.LIQUIBASE) {
			assertThat(
					this.database.client().sql("select locked from databasechangeloglock").query(Boolean.class).list())
				.as("change log lock in %s", this)
				.doesNotContain(true);
		}
	}

	@Override
	public void close() {
		this.replicas.forEach(HostedReplica::close);
		this.sessions.forEach(OtherSession::close);
		this.ground.giveBack(this.database);
	}

	@Override
	public String toString() {
		return "%s, %s".formatted(this.tool, this.position);
	}

}
