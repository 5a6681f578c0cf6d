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

package io.github.migrationguard.replica;

import java.util.List;
import java.util.stream.Stream;

import io.github.migrationguard.testsupport.Awaiting;
import io.github.migrationguard.testsupport.Changelog;
import io.github.migrationguard.testsupport.EmbeddedPostgresTest;
import io.github.migrationguard.testsupport.Fleet;
import io.github.migrationguard.testsupport.Ledger;
import io.github.migrationguard.testsupport.Ledger.Gate;
import io.github.migrationguard.testsupport.Manifest;
import io.github.migrationguard.testsupport.Manifest.Container;
import io.github.migrationguard.testsupport.Replica;
import io.github.migrationguard.testsupport.ReplicaBuilder;
import io.github.migrationguard.testsupport.Replicas;
import io.github.migrationguard.testsupport.RolesRecipe;
import io.github.migrationguard.testsupport.TestDatabase;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the shapes of {@code docs/deployment.md}, run as processes: with the roles of
 * {@code docs/database-roles.md}, and with the arguments and the environment that the
 * manifests give to the containers.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
class DeploymentShapesReplicaTests {

	private static final Changelog CHANGELOG = Changelog.ofTables(2).gate("middle").changeSet("last", "select 1");

	private RolesRecipe roles;

	private Replicas replicas;

	@BeforeEach
	void createRoles(TestDatabase database, Replicas replicas) {
		this.roles = new RolesRecipe(database);
		this.roles.createMigratorAndApplication();
		this.replicas = replicas;
	}

	@Test
	void replicasWaitForJobThatIsKilledAndStartedAgain(TestDatabase database) {
		Ledger ledger = Ledger.install(database);
		Gate gate = ledger.close("middle");
		Fleet early = waiting().start(2);
		early.stream().forEach(this::assertWaits);
		Replica job = job().start();
		gate.awaitArrival();
		Fleet late = waiting().start(2);
		late.stream().forEach(this::assertWaits);
		assertHolderIsSeenBy(early.replicas().get(0), job);
		job.kill9();
		job.awaitExit();
		assertThat(ledger.recorded()).containsExactlyElementsOf(CHANGELOG.identifiers().subList(0, 2));
		Replica again = job().start();
		again.awaitLog("holds the lock");
		gate.open();
		assertThat(again.awaitExit()).isZero();
		Stream.of(early, late).forEach(Fleet::awaitReady);
		ledger.assertAppliedExactlyOnce(CHANGELOG);
		assertThat(database.superuser()
			.sql("select distinct tableowner from pg_tables where schemaname = 'public'")
			.query(String.class)
			.list()).containsExactly(this.roles.role("migrator"));
	}

	@Test
	void replicaWhoseJobNeverComesSaysWhatIsMissing(TestDatabase database) {
		Replica replica = waiting().property("migration-guard.lock.wait-timeout", "2s").start();
		assertThat(replica.awaitExit()).isEqualTo(1);
		assertThat(replica.log()).contains("APPLICATION FAILED TO START", CHANGELOG.identifiers().get(0));
		assertThat(database.sessions()).isEmpty();
	}

	@Test
	void applicationStartsAfterItsInitContainer(TestDatabase database) {
		Ledger ledger = Ledger.install(database);
		List<Container> containers = Manifest.read("init-container.yaml").containers();
		List<Replica> first = Stream.generate(() -> container(containers.get(0)).start()).limit(2).toList();
		first.forEach((init) -> assertThat(init.awaitExit()).isZero());
		Replica application = container(containers.get(1)).start().awaitReady();
		assertThat(application.state()).isEqualTo("UP_TO_DATE");
		ledger.assertAppliedExactlyOnce(CHANGELOG);
	}

	private void assertWaits(Replica replica) {
		replica.awaitState("WAITING");
		assertThat(replica.liveness()).isEqualTo(200);
		assertThat(replica.readiness()).isEqualTo(503);
		assertThat(replica.migration().path("role").asString()).isEqualTo("wait");
		assertThat(replica.migration().path("progress").path("pendingUnits")).isNotEmpty();
		assertThat(replica.migration().path("lock").path("timeoutAt").asString("")).isNotEmpty();
	}

	private void assertHolderIsSeenBy(Replica replica, Replica job) {
		Awaiting.await("the holder")
			.until(() -> replica.migration().at("/lock/holder/user").asString("").equals(this.roles.role("migrator")));
		assertThat(replica.migration().at("/lock/holder/instance").asString()).isEqualTo(job.name());
	}

	private ReplicaBuilder job() {
		return container(Manifest.read("job.yaml").containers().get(0));
	}

	private ReplicaBuilder waiting() {
		return container(Manifest.read("waiting-deployment.yaml").containers().get(0));
	}

	private ReplicaBuilder container(Container container) {
		return this.replicas.guarded(CHANGELOG)
			.separateManagementPort()
			.container(container, this.roles::ours, (secret) -> RolesRecipe.PASSWORD);
	}

}
