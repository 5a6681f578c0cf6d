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
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.migrationguard.testsupport.Changelog;
import io.github.migrationguard.testsupport.FlywayScripts;
import io.github.migrationguard.testsupport.MigrationTool;
import io.github.migrationguard.testsupport.Migrations;

/**
 * What happens in a round: all of it follows from the seed.
 *
 * @param seed the seed
 * @param tool the tool
 * @param units the units of the newest version of the service, after the first one
 * @param pods the replicas
 * @param events the faults, in the order in which they happen
 * @author Migration Guard
 */
record ChaosPlan(long seed, MigrationTool tool, List<UnitKind> units, List<PodPlan> pods, List<Event> events) {

	/**
	 * The moments of all that happens, in milliseconds.
	 */
	private static final int PERIOD = 2000;

	static ChaosPlan of(long seed) {
		Random random = new Random(seed);
		MigrationTool tool = random.nextBoolean() ? MigrationTool.LIQUIBASE : MigrationTool.FLYWAY;
		boolean mixed = random.nextInt(5) == 0;
		List<UnitKind> units = units(random, mixed);
		List<PodPlan> pods = pods(random, units.size() + 1, mixed);
		return new ChaosPlan(seed, tool, units, pods, events(random, pods, mixed));
	}

	/**
	 * Stock Flyway never ends an index that is built concurrently, and no stock tool
	 * knows that its lock was dropped.
	 */
	private static List<UnitKind> units(Random random, boolean mixed) {
		List<UnitKind> kinds = Stream.of(UnitKind.values())
			.filter((kind) -> !mixed || (kind != UnitKind.INDEX && kind != UnitKind.UNLOCK))
			.toList();
		List<UnitKind> units = new ArrayList<>();
		IntStream.range(0, 3 + random.nextInt(4)).forEach((unit) -> {
			UnitKind kind = kinds.get(random.nextInt(kinds.size()));
			units.add((kind == UnitKind.UNLOCK && units.contains(kind)) ? UnitKind.SLOW : kind);
		});
		return List.copyOf(units);
	}

	/**
	 * At least one replica has the newest version.
	 */
	private static List<PodPlan> pods(Random random, int newest, boolean mixed) {
		int count = 3 + random.nextInt(4);
		return IntStream.range(0, count)
			.mapToObj((pod) -> new PodPlan((pod == 0 || random.nextInt(3) > 0) ? newest : 1 + random.nextInt(newest),
					!mixed || pod != count - 1, Duration.ofMillis(random.nextInt(600))))
			.toList();
	}

	/**
	 * A stock replica does not survive what hits it, so nothing does.
	 */
	private static List<Event> events(Random random, List<PodPlan> pods, boolean mixed) {
		List<ChaosFault> faults = Stream.of(ChaosFault.values())
			.filter((fault) -> !mixed || fault.hitsOneReplica())
			.toList();
		int guarded = (int) pods.stream().filter(PodPlan::guarded).count();
		return IntStream.range(0, 1 + random.nextInt(4))
			.mapToObj((event) -> new Event(Duration.ofMillis(random.nextInt(PERIOD)),
					faults.get(random.nextInt(faults.size())), random.nextInt(guarded),
					Duration.ofMillis(100 + random.nextInt(PERIOD / 2))))
			.sorted(Comparator.comparing(Event::at))
			.toList();
	}

	boolean isMixed() {
		return this.pods.stream().anyMatch((pod) -> !pod.guarded());
	}

	int newest() {
		return this.units.size() + 1;
	}

	/**
	 * Return the migrations of a version.
	 * @param version the number of its units
	 */
	Migrations migrations(int version) {
		return (this.tool == MigrationTool.LIQUIBASE) ? changelog(version) : scripts(version);
	}

	/**
	 * Return the change sets of the newest version and one that no replica has.
	 */
	Migrations withOneMore() {
		return changelog(newest()).changeSet("one more", "select 1");
	}

	private Changelog changelog(int version) {
		Changelog changelog = Changelog.empty().changeSet("orders", "create table orders (id int)");
		for (int unit = 1; unit < version; unit++) {
			UnitKind kind = this.units.get(unit - 1);
			changelog = changelog.changeSet("unit" + unit, kind.isTransactional() ? "" : "runInTransaction:false",
					kind.sql(unit));
		}
		return changelog;
	}

	private FlywayScripts scripts(int version) {
		FlywayScripts scripts = FlywayScripts.empty().versioned("orders", "create table orders (id int)");
		for (int unit = 1; unit < version; unit++) {
			UnitKind kind = this.units.get(unit - 1);
			scripts = kind.isTransactional() ? scripts.versioned("unit" + unit, kind.sql(unit))
					: scripts.nonTransactional("unit" + unit, kind.sql(unit));
		}
		return scripts;
	}

	/**
	 * A replica.
	 *
	 * @param version the number of its units
	 * @param guarded whether it has Migration Guard
	 * @param start when it is started
	 */
	record PodPlan(int version, boolean guarded, Duration start) {

	}

	/**
	 * A fault.
	 *
	 * @param at when it happens
	 * @param fault what happens
	 * @param pod the number of the replica that is hit
	 * @param length for how long it lasts, if it does
	 */
	record Event(Duration at, ChaosFault fault, int pod, Duration length) {

	}

}
