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
import io.github.migrationguard.testsupport.FlywayScripts;
import io.github.migrationguard.testsupport.Ledger;
import io.github.migrationguard.testsupport.Ledger.Gate;
import io.github.migrationguard.testsupport.Migrations;
import io.github.migrationguard.testsupport.Replica;
import io.github.migrationguard.testsupport.ReplicaBuilder;
import io.github.migrationguard.testsupport.Replicas;
import io.github.migrationguard.testsupport.TestDatabase;
import io.github.migrationguard.testsupport.WarmReplicas;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for two services that share a database, each with a history of its own.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
@WarmReplicas
class SharedDatabaseReplicaTests {

	private static final Named<Migrations> LIQUIBASE = Named.of("liquibase",
			Changelog.ofTables(1).gate("middle").changeSet("last", "create table last (id int)"));

	private static final Named<Migrations> FLYWAY = Named.of("flyway",
			FlywayScripts.ofTables(1).gate("middle").versioned("last", "create table last (id int)"));

	private static final Named<Migrations> OTHER_LIQUIBASE = Named.of("liquibase",
			Changelog.empty().changeSet("first-entry", entry("first")).changeSet("second-entry", entry("second")));

	private static final Named<Migrations> OTHER_FLYWAY = Named.of("flyway",
			FlywayScripts.empty().versioned("first_entry", entry("first")).versioned("second_entry", entry("second")));

	private static String entry(String entry) {
		return "insert into journals.journal values ('%s')".formatted(entry);
	}

	/**
	 * What the other service does is no DDL, which the ledger would refuse meanwhile.
	 */
	@BeforeEach
	void createSchemas(TestDatabase database) {
		database.client().sql("create schema other").update();
		database.client().sql("create schema journals").update();
		database.client().sql("create table journals.journal (entry text)").update();
	}

	static Stream<Arguments> servicesWithHistoriesOfTheirOwnDoNotWaitForEachOther() {
		return Stream.of(Arguments.of(LIQUIBASE, OTHER_LIQUIBASE), Arguments.of(FLYWAY, OTHER_FLYWAY));
	}

	@ParameterizedTest
	@MethodSource
	void servicesWithHistoriesOfTheirOwnDoNotWaitForEachOther(Migrations migrations, Migrations others,
			TestDatabase database, Replicas replicas) {
		Ledger ledger = Ledger.install(database);
		Gate gate = ledger.close("middle");
		Replica one = replicas.guarded(migrations).start().awaitState("MIGRATING");
		gate.awaitArrival();
		Replica other = other(replicas, others).start().awaitReady();
		assertThat(other.state()).isEqualTo("COMPLETED");
		assertThat(other.log()).doesNotContain("waits for the lock");
		assertThat(one.state()).isEqualTo("MIGRATING");
		gate.open();
		one.awaitReady();
		assertThat(ledger.recorded()).containsExactlyElementsOf(inTurn(migrations.identifiers().subList(0, 1),
				others.identifiers(), migrations.identifiers().subList(1, 3)));
		assertEntries(database);
	}

	static Stream<Arguments> servicesWithOneLockNameWaitForEachOther() {
		return Stream.of(Arguments.of(LIQUIBASE, OTHER_LIQUIBASE), Arguments.of(LIQUIBASE, OTHER_FLYWAY),
				Arguments.of(FLYWAY, OTHER_FLYWAY));
	}

	@ParameterizedTest
	@MethodSource
	void servicesWithOneLockNameWaitForEachOther(Migrations migrations, Migrations others, TestDatabase database,
			Replicas replicas) {
		Ledger ledger = Ledger.install(database);
		Gate gate = ledger.close("middle");
		Replica one = replicas.guarded(migrations).property("migration-guard.lock.name", "shop").start();
		int runner = gate.awaitArrival();
		Replica other = other(replicas, others).property("migration-guard.lock.name", "shop").start();
		other.awaitState("WAITING");
		Awaiting.await("the holder")
			.until(() -> other.migration().at("/lock/holder/pid").asInt(-1), (pid) -> pid == runner);
		assertThat(other.migration().at("/lock/holder/instance").asString("")).isEqualTo(one.name());
		assertThat(other.migration().at("/lock/name").asString("")).isEqualTo("shop");
		assertThat(other.readiness()).isEqualTo(503);
		other.awaitLog("waits for the lock 'shop'");
		gate.open();
		one.awaitReady();
		other.awaitReady();
		assertThat(other.state()).isEqualTo("COMPLETED");
		assertThat(ledger.recorded())
			.containsExactlyElementsOf(inTurn(migrations.identifiers(), others.identifiers(), List.of()));
		ledger.assertNoOverlap();
		assertEntries(database);
		Awaiting.await("no lock").until(database::advisoryLocks, List::isEmpty);
	}

	private static ReplicaBuilder other(Replicas replicas, Migrations migrations) {
		return replicas.guarded(migrations)
			.property("spring.liquibase.default-schema", "other")
			.property("spring.flyway.schemas", "other")
			.property("spring.flyway.default-schema", "other");
	}

	private static List<String> inTurn(List<String> first, List<String> second, List<String> third) {
		return Stream.of(first, second, third).flatMap(List::stream).toList();
	}

	private static void assertEntries(TestDatabase database) {
		assertThat(
				database.client().sql("select entry from journals.journal order by entry").query(String.class).list())
			.containsExactly("first", "second");
	}

}
