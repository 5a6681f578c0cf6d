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

package io.github.migrationguard.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

import io.github.migrationguard.testsupport.Awaiting;
import io.github.migrationguard.testsupport.HostedReplica;
import io.github.migrationguard.testsupport.HostedReplica.Phase;
import io.github.migrationguard.testsupport.Ledger;
import io.github.migrationguard.testsupport.MigrationTool;
import io.github.migrationguard.testsupport.OtherSession;
import io.github.migrationguard.testsupport.PostgresServer;
import io.github.migrationguard.testsupport.ReplicaHosts;
import io.github.migrationguard.testsupport.TestDatabase;
import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A rollout of replicas while faults hit them, on a database of its own.
 *
 * @author Migration Guard
 */
final class ChaosRound implements AutoCloseable {

	private static final Duration AT_MOST = Duration.ofMinutes(2);

	private static final Pattern CUT_OFF = Pattern.compile("PartlyAppliedException: .*unit(\\d+).*already exists");

	private static final String OVERLAP = "two sessions execute migration statements at the same moment";

	private final ChaosPlan plan;

	private final PostgresServer server;

	private final ReplicaHosts hosts;

	private final TestDatabase database;

	private final Ledger ledger;

	private final List<Pod> pods;

	private final List<Step> steps = new ArrayList<>();

	private @Nullable OtherSession blocker;

	ChaosRound(ChaosPlan plan, PostgresServer server, ReplicaHosts hosts) {
		this.plan = plan;
		this.server = server;
		this.hosts = hosts;
		this.database = server.createDatabase();
		this.ledger = Ledger.install(this.database);
		this.pods = plan.pods().stream().map(Pod::new).toList();
		this.pods.forEach((pod) -> this.steps.add(new Step(pod.plan().start(), () -> start(pod))));
		plan.events().forEach(this::addSteps);
		this.steps.sort(Comparator.comparing(Step::at));
	}

	private void addSteps(ChaosPlan.Event event) {
		Pod pod = this.pods.get(event.pod());
		this.steps.add(new Step(event.at(), () -> {
			if (pod.isStarted()) {
				event.fault().begin(this, pod);
			}
		}));
		this.steps.add(new Step(event.at().plus(event.length()), () -> {
			if (pod.isStarted()) {
				event.fault().end(this, pod);
			}
		}));
	}

	private void start(Pod pod) {
		ReplicaHosts.Builder builder = pod.plan().guarded()
				? this.hosts.guarded(this.database, this.plan.migrations(pod.plan().version()))
				: this.hosts.stock(this.database, this.plan.migrations(pod.plan().version()));
		pod.started(builder.property("migration-guard.shutdown.grace", "500ms")
			.property("migration-guard.ddl.lock-timeout", "500ms")
			.start());
	}

	/**
	 * Let everything happen, and check what there is in the end.
	 */
	void run() {
		if (this.plan.isMixed()) {
			createHistory();
		}
		long start = System.nanoTime();
		for (Step step : this.steps) {
			superviseUntil(start + step.at().toNanos());
			step.action().run();
		}
		Awaiting.await("all replicas ready").atMost(AT_MOST).until(() -> {
			supervise();
			return this.pods.stream().allMatch(Pod::isReady);
		});
		assertInvariants();
	}

	/**
	 * Stock replicas race for the creation of their tables.
	 */
	private void createHistory() {
		HostedReplica first = this.hosts.guarded(this.database, this.plan.migrations(1)).start();
		assertThat(first.awaitEnd()).isEqualTo(Phase.READY);
		first.close();
	}

	private void superviseUntil(long moment) {
		long left = moment - System.nanoTime();
		if (left > 0) {
			Awaiting.await("the next moment").atMost(AT_MOST).until(() -> {
				supervise();
				return System.nanoTime() >= moment;
			});
		}
	}

	private void supervise() {
		this.pods.stream().filter(Pod::isToStartAgain).forEach((pod) -> {
			repairIfAsked(pod.replica().log());
			removeIfAsked(pod.replica().failure());
			close(pod);
			start(pod);
		});
	}

	/**
	 * Do what the failure of a migration that is not transactional says.
	 */
	private void repairIfAsked(String log) {
		if (this.plan.tool() == MigrationTool.FLYWAY && log.contains("RepairNeededException")) {
			assertThat(log).contains("flyway repair");
			this.database.superuser().sql("delete from flyway_schema_history where not success").update();
		}
	}

	/**
	 * The server crashed when an index was built and not recorded yet.
	 */
	private void removeIfAsked(String failure) {
		Matcher unit = CUT_OFF.matcher(failure);
		if (unit.find()) {
			assertThat(failure).contains("it finds what an earlier attempt has done");
			this.database.superuser().sql("drop index if exists t%s_a".formatted(unit.group(1))).update();
		}
	}

	void signal(String function, Pod pod) {
		this.database.superuser()
			.sql("select %s(pid) from pg_stat_activity where application_name like ?".formatted(function))
			.param("mg:%:" + pod.replica().name())
			.query(Boolean.class)
			.list();
	}

	OtherSession blocker() {
		closeBlocker();
		this.blocker = OtherSession.openSuperuser(this.database, "blocker");
		return this.blocker;
	}

	void closeBlocker() {
		if (this.blocker != null) {
			this.blocker.close();
			this.blocker = null;
		}
	}

	void limitConnections(int limit) {
		this.database.superuser()
			.sql("alter role %s connection limit %d".formatted(this.database.username(), limit))
			.update();
	}

	void restart(String signal) {
		this.blocker = null;
		this.server.restart(signal);
	}

	private void assertInvariants() {
		this.pods.stream()
			.flatMap((pod) -> pod.starts().stream())
			.forEach((start) -> assertThat(start.log()).doesNotContain(OVERLAP));
		this.pods.forEach((pod) -> pod.replica()
			.unitsWhenReady()
			.ifPresent((units) -> assertThat(units).as("units when ready of %s", pod)
				.isGreaterThanOrEqualTo(pod.plan().version())));
		this.pods.forEach((pod) -> pod.replica().close());
		assertThat(this.ledger.recorded())
			.containsExactlyElementsOf(this.plan.migrations(this.plan.newest()).identifiers());
		if (!this.plan.isMixed() || this.plan.tool() == MigrationTool.LIQUIBASE) {
			// Stock Flyway records on another session than it migrates on
			this.ledger.assertNoOverlapOfUnits();
		}
		assertApplied();
		Awaiting.awaitInDatabase("no session left")
			.until(() -> this.database.sessions().stream().noneMatch((it) -> it.applicationName().startsWith("mg:")));
		Awaiting.awaitInDatabase("no lock left").until(() -> this.database.advisoryLocks().isEmpty());
		if (this.plan.tool() == MigrationTool.LIQUIBASE) {
			assertNoRowHasToBeReleased();
		}
	}

	/**
	 * Who was hit between its last record and the release of the row leaves it behind, if
	 * nobody waits for it any more. The next one that migrates takes it over.
	 */
	private void assertNoRowHasToBeReleased() {
		if (isChangeLogLocked()) {
			HostedReplica next = this.hosts.guarded(this.database, this.plan.withOneMore()).start();
			assertThat(next.awaitEnd()).isEqualTo(Phase.READY);
			next.close();
		}
		assertThat(isChangeLogLocked()).isFalse();
	}

	private boolean isChangeLogLocked() {
		return this.database.client().sql("select locked from databasechangeloglock").query(Boolean.class).single();
	}

	private void assertApplied() {
		List<String> created = this.database.superuser().sql("""
				select relname from pg_class where relname ~ '^t\\d+_[ab]$'
				union all select attname from pg_attribute where attrelid = 'orders'::regclass and attname ~ '^t\\d+_a$'
				union all select 'INVALID' from pg_index where not indisvalid
				""").query(String.class).list();
		List<String> expected = IntStream.range(0, this.plan.units().size()).boxed().flatMap((unit) -> {
			String name = "t%d_".formatted(unit + 1);
			return (this.plan.units().get(unit) == UnitKind.TABLES) ? List.of(name + "a", name + "b").stream()
					: List.of(name + "a").stream();
		}).toList();
		assertThat(created).containsExactlyInAnyOrderElementsOf(expected);
		long rows = this.plan.units().stream().filter(UnitKind.ROWS::equals).count() * 2000;
		assertThat(this.database.superuser().sql("select count(*) from orders").query(Long.class).single())
			.isEqualTo(rows);
	}

	@Override
	public void close() {
		this.pods.stream().filter(Pod::isStarted).forEach(ChaosRound::close);
		this.database.drop();
	}

	/**
	 * A process that is frozen would be of no use for the next replica.
	 */
	private static void close(Pod pod) {
		pod.replica().sigcont();
		pod.replica().close();
	}

	@Override
	public String toString() {
		return "%s%n%s".formatted(this.plan, String.join("\n", this.pods.stream().map(Pod::toString).toList()));
	}

	private record Step(Duration at, Runnable action) {

	}

}
