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

package io.github.migrationguard.benchmarks;

import java.util.ArrayList;
import java.util.List;

import io.github.migrationguard.testsupport.Changelog;
import io.github.migrationguard.testsupport.FlywayScripts;
import io.github.migrationguard.testsupport.MigrationTool;
import io.github.migrationguard.testsupport.Migrations;

/**
 * The same change sets for every tool. Immutable.
 *
 * @author Migration Guard
 */
final class Workload {

	private final List<ChangeSet> changeSets;

	private Workload(List<ChangeSet> changeSets) {
		this.changeSets = List.copyOf(changeSets);
	}

	static Workload ofTables(int count) {
		List<ChangeSet> changeSets = new ArrayList<>();
		for (int number = 1; number <= count; number++) {
			changeSets.add(new ChangeSet("table_" + number, "create table table_%d (id int)".formatted(number), true));
		}
		return new Workload(changeSets);
	}

	/**
	 * Add a change set that is executed in a transaction.
	 * @param name its name, with underscores
	 * @param sql its statements
	 */
	Workload changeSet(String name, String... sql) {
		return add(new ChangeSet(name, String.join(";\n", sql), true));
	}

	/**
	 * Add a change set that is executed outside a transaction.
	 * @param name its name, with underscores
	 * @param sql its statement
	 */
	Workload nonTransactional(String name, String sql) {
		return add(new ChangeSet(name, sql, false));
	}

	/**
	 * Add a change set that does not end before a gate of the ledger is open.
	 * @param gate the name of the gate
	 */
	Workload gate(String gate) {
		return changeSet(gate, "create table %s (id int)".formatted(gate), "select ledger.pass('%s')".formatted(gate));
	}

	private Workload add(ChangeSet changeSet) {
		List<ChangeSet> changeSets = new ArrayList<>(this.changeSets);
		changeSets.add(changeSet);
		return new Workload(changeSets);
	}

	Migrations of(MigrationTool tool) {
		return switch (tool) {
			case LIQUIBASE -> changelog();
			case FLYWAY -> scripts();
		};
	}

	private Changelog changelog() {
		Changelog changelog = Changelog.empty();
		for (ChangeSet changeSet : this.changeSets) {
			changelog = changelog.changeSet(changeSet.name(), changeSet.transactional() ? "" : "runInTransaction:false",
					changeSet.sql());
		}
		return changelog;
	}

	private FlywayScripts scripts() {
		FlywayScripts scripts = FlywayScripts.empty();
		for (ChangeSet changeSet : this.changeSets) {
			scripts = changeSet.transactional() ? scripts.versioned(changeSet.name(), changeSet.sql())
					: scripts.nonTransactional(changeSet.name(), changeSet.sql());
		}
		return scripts;
	}

	private record ChangeSet(String name, String sql, boolean transactional) {

	}

}
