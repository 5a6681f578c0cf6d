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

import java.util.List;

import io.github.migrationguard.testsupport.Awaiting;
import io.github.migrationguard.testsupport.Ledger.Gate;
import io.github.migrationguard.testsupport.MigrationTool;
import io.github.migrationguard.testsupport.OtherSession;

/**
 * Where a replica is when a fault hits it.
 *
 * @author Migration Guard
 */
enum Position {

	/**
	 * The database has no connection slot for it.
	 */
	CONNECTING("connecting", false, MigrationTool.LIQUIBASE) {

		@Override
		void arrange(Cell cell) {
			cell.limitConnections(0);
			cell.startHit().awaitLog("cannot connect to its database yet");
		}

	},

	/**
	 * Another replica holds the lock.
	 */
	WAITING("waiting", false, MigrationTool.FLYWAY) {

		@Override
		void arrange(Cell cell) {
			Gate gate = cell.closeGate();
			cell.startOther();
			gate.awaitArrival();
			cell.startHit();
			cell.awaitParticipants(2);
		}

	},

	/**
	 * One unit is committed, the next one not begun.
	 */
	BETWEEN_UNITS("between units", true, MigrationTool.LIQUIBASE, MigrationTool.FLYWAY) {

		@Override
		void arrange(Cell cell) {
			cell.startHit("migrations.unit");
			Awaiting.await("a unit that has ended").until(() -> cell.hit().isHeld("migrations.unit"));
			cell.startOtherThatWaits();
		}

	},

	/**
	 * A statement of a transactional unit is executed.
	 */
	STATEMENT("in a statement", true, MigrationTool.LIQUIBASE, MigrationTool.FLYWAY) {

		@Override
		void arrange(Cell cell) {
			Gate gate = cell.closeGate();
			cell.startHit();
			gate.awaitArrival();
			cell.startOtherThatWaits();
		}

	},

	/**
	 * {@code create index concurrently} waits for an old snapshot.
	 */
	CONCURRENT_INDEX("in `CONCURRENTLY`", true, MigrationTool.LIQUIBASE, MigrationTool.FLYWAY) {

		@Override
		void arrange(Cell cell) {
			OtherSession snapshot = cell.openSession("snapshot");
			snapshot.execute("begin isolation level repeatable read").execute("select 1");
			cell.startHit();
			cell.awaitSession("query ilike 'create index concurrently%' and wait_event = 'virtualxid'");
			cell.startOtherThatWaits();
		}

	},

	/**
	 * A unit was blocked, and who is in its way is still there.
	 */
	BACKING_OFF("backing off", true, MigrationTool.LIQUIBASE, MigrationTool.FLYWAY) {

		@Override
		void arrange(Cell cell) {
			Gate gate = cell.closeGate();
			cell.startHit();
			gate.awaitArrival();
			cell.openSession("blocker").begin("select from first");
			gate.open();
			// Once it has seen who is in the way, it does not try again before that one
			// is gone
			cell.awaitSession("application_name like 'mg:B%' and application_name not like 'mg:B0.%'");
			cell.startOtherThatWaits();
		}

	},

	/**
	 * Everything is applied, the lock still held.
	 */
	UNLOCKING("unlocking", true, MigrationTool.FLYWAY) {

		@Override
		void arrange(Cell cell) {
			cell.startHit("migrations.run");
			Awaiting.await("a run that has ended").until(() -> cell.hit().isHeld("migrations.run"));
			cell.startOther();
		}

	};

	private final String label;

	private final boolean holding;

	private final List<MigrationTool> tools;

	Position(String label, boolean holding, MigrationTool... tools) {
		this.label = label;
		this.holding = holding;
		this.tools = List.of(tools);
	}

	/**
	 * Return the tools with which a replica is brought into this position: both where one
	 * of them is at work, and one where only the guard is.
	 */
	List<MigrationTool> tools() {
		return this.tools;
	}

	/**
	 * Start replicas and bring the one that is to be hit into this position.
	 * @param cell the cell
	 */
	abstract void arrange(Cell cell);

	/**
	 * Return whether the replica holds the lock and is not done.
	 */
	boolean isMigrating() {
		return this.holding && this != UNLOCKING;
	}

	/**
	 * Return whether the replica has a session.
	 */
	boolean hasSession() {
		return this != CONNECTING;
	}

	@Override
	public String toString() {
		return this.label;
	}

}
