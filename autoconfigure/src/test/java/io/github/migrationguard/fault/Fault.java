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
import java.util.List;
import java.util.function.Consumer;

import io.github.migrationguard.testsupport.Awaiting;
import io.github.migrationguard.testsupport.HostedReplica;
import io.github.migrationguard.testsupport.HostedReplica.Phase;
import io.github.migrationguard.testsupport.ReplicaHosts;
import io.github.migrationguard.testsupport.Standby;
import io.github.migrationguard.testsupport.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a cluster does to a replica, its session or its server.
 *
 * @author Migration Guard
 */
enum Fault {

	/**
	 * The process is frozen for longer than every time limit, then goes on.
	 */
	STOP("SIGSTOP for 25 s, then SIGCONT") {

		@Override
		void strike(List<Cell> cells, Ground ground) {
			hit(cells, HostedReplica::sigstop);
			pass(Duration.ofSeconds(25));
			hit(cells, HostedReplica::sigcont);
		}

	},

	/**
	 * Somebody ends the session that waits or migrates.
	 */
	TERMINATE("`pg_terminate_backend`, its session") {

		@Override
		void strike(List<Cell> cells, Ground ground) {
			cells.forEach((cell) -> cell.signal("pg_terminate_backend", cell.sessionsOfHit()));
		}

		@Override
		boolean canHit(Position position) {
			return position.hasSession();
		}

		@Override
		boolean isLockLost(Position position) {
			return true;
		}

	},

	/**
	 * Somebody ends the session that watches the migration.
	 */
	TERMINATE_MONITOR("`pg_terminate_backend`, the session that watches") {

		@Override
		void strike(List<Cell> cells, Ground ground) {
			cells.forEach((cell) -> cell.signal("pg_terminate_backend", cell.awaitMonitors()));
		}

		@Override
		boolean canHit(Position position) {
			return position == Position.STATEMENT || position == Position.CONCURRENT_INDEX;
		}

	},

	/**
	 * Somebody cancels what the session that watches the migration executes, again and
	 * again.
	 */
	CANCEL_MONITOR("`pg_cancel_backend`, the session that watches") {

		@Override
		void strike(List<Cell> cells, Ground ground) {
			cells.forEach((cell) -> cell.signal("ledger.cancel_for_a_while", cell.awaitMonitors()));
		}

		@Override
		boolean canHit(Position position) {
			return TERMINATE_MONITOR.canHit(position);
		}

	},

	/**
	 * Somebody cancels what the session that waits or migrates executes.
	 */
	CANCEL("`pg_cancel_backend`, its session") {

		@Override
		void strike(List<Cell> cells, Ground ground) {
			cells.forEach((cell) -> cell.signal("pg_cancel_backend", cell.sessionsOfHit()));
		}

		@Override
		boolean canHit(Position position) {
			return position.hasSession();
		}

	},

	/**
	 * The server is restarted.
	 */
	RESTART("PostgreSQL restarted (fast)") {

		@Override
		void strike(List<Cell> cells, Ground ground) {
			ground.server().restart("INT");
		}

	},

	/**
	 * The server is restarted without taking leave.
	 */
	RESTART_IMMEDIATE("PostgreSQL restarted (immediate)") {

		@Override
		void strike(List<Cell> cells, Ground ground) {
			ground.server().restart("QUIT");
		}

	},

	/**
	 * The server crashes and is started again.
	 */
	CRASH("PostgreSQL crashes") {

		@Override
		void strike(List<Cell> cells, Ground ground) {
			ground.server().restart("KILL");
		}

	},

	/**
	 * Another server takes the place of the one that crashes.
	 */
	FAILOVER("a standby is promoted") {

		@Override
		void prepare(Ground ground) {
			ground.startStandby();
		}

		@Override
		void strike(List<Cell> cells, Ground ground) {
			Standby standby = ground.standby();
			standby.awaitReplay();
			ground.server().stop("QUIT");
			standby.promote();
			cells.forEach((cell) -> cell.moveTo(cell.database().on(standby.server())));
		}

	},

	/**
	 * The network between the replica and the server drops all packets for half a minute.
	 */
	CUT("network cut, healed after 30 s") {

		@Override
		void customize(ReplicaHosts.Builder builder, TestDatabase database, Ground ground) {
			putApart(builder, database, ground);
		}

		@Override
		void strike(List<Cell> cells, Ground ground) {
			ground.node().cut();
		}

		@Override
		boolean isLockLost(Position position) {
			return true;
		}

		@Override
		void heal(List<Cell> cells, Ground ground) {
			cells.forEach((cell) -> Awaiting.await("a cut that was noticed in " + cell)
				.until(() -> cell.hit().phase() != Phase.STARTING || isKnownToBeCut(cell.hit())));
			ground.node().heal();
		}

		private static boolean isKnownToBeCut(HostedReplica replica) {
			return replica.log().contains("cannot connect to its database yet")
					|| replica.log().contains("has lost its session and connects again")
					|| replica.log().contains("the lock could not be released");
		}

	},

	/**
	 * The database has no connection slot left.
	 */
	SLOTS("no connection slot left") {

		@Override
		void strike(List<Cell> cells, Ground ground) {
			cells.stream().filter((cell) -> cell.position().hasSession()).forEach(Cell::limitConnectionsToThoseOpen);
		}

	},

	/**
	 * The server has no space for temporary files any more.
	 */
	SPACE("disk full") {

		@Override
		void strike(List<Cell> cells, Ground ground) {
			ground.set("temp_file_limit", "0");
		}

		@Override
		void mend(Ground ground) {
			ground.set("temp_file_limit", "-1");
		}

	},

	/**
	 * The thread that starts the application is interrupted: as by a context that is
	 * closed while it waits, as by nobody but code of the user while it migrates.
	 */
	INTERRUPT("starting thread interrupted") {

		@Override
		void strike(List<Cell> cells, Ground ground) {
			hit(cells, (replica) -> replica.interrupt("starter"));
		}

		@Override
		boolean isLockLost(Position position) {
			return position == Position.BACKING_OFF;
		}

	},

	/**
	 * The clock of the replica is set.
	 */
	CLOCK("clock set a day forward, then two back") {

		@Override
		void customize(ReplicaHosts.Builder builder, TestDatabase database, Ground ground) {
			putApart(builder, database, ground);
		}

		@Override
		void strike(List<Cell> cells, Ground ground) {
			ground.clock().set(Duration.ofDays(1));
			pass(Duration.ofSeconds(3));
			ground.clock().set(Duration.ofDays(-1));
			pass(Duration.ofSeconds(3));
		}

		@Override
		void mend(Ground ground) {
			ground.clock().set(Duration.ZERO);
		}

	},

	/**
	 * The migrations are run a second time at the same moment.
	 */
	AGAIN("a second run of the same context") {

		@Override
		void strike(List<Cell> cells, Ground ground) {
			hit(cells, HostedReplica::runAgain);
		}

	},

	/**
	 * The process is killed.
	 */
	KILL("`kill -9`") {

		@Override
		void customize(ReplicaHosts.Builder builder, TestDatabase database, Ground ground) {
			putApart(builder, database, ground);
		}

		@Override
		void strike(List<Cell> cells, Ground ground) {
			hit(cells, HostedReplica::kill9);
		}

		@Override
		boolean isLockLost(Position position) {
			return true;
		}

	},

	/**
	 * The process is asked to end, with a grace period that is shorter than the
	 * migration.
	 */
	TERM("SIGTERM") {

		@Override
		void strike(List<Cell> cells, Ground ground) {
			hit(cells, HostedReplica::sigterm);
		}

		@Override
		boolean isLockLost(Position position) {
			return position != Position.BETWEEN_UNITS;
		}

		@Override
		void heal(List<Cell> cells, Ground ground) {
			cells.forEach((cell) -> {
				Awaiting.await("the end of " + cell).until(() -> !cell.hit().isAlive());
				assertThat(cell.hit().log()).doesNotContain("has lost its session");
			});
		}

	};

	private final String label;

	Fault(String label) {
		this.label = label;
	}

	void prepare(Ground ground) {
	}

	/**
	 * Start the replica that will be hit where it can be hit.
	 */
	void customize(ReplicaHosts.Builder builder, TestDatabase database, Ground ground) {
	}

	/**
	 * Hit the replicas of all cells.
	 */
	abstract void strike(List<Cell> cells, Ground ground);

	boolean canHit(Position position) {
		return true;
	}

	/**
	 * Return whether the lock of a replica that is hit while it migrates goes to another
	 * one, whatever keeps the unit from ending.
	 */
	boolean isLockLost(Position position) {
		return false;
	}

	/**
	 * End the fault, when others have gone on.
	 */
	void heal(List<Cell> cells, Ground ground) {
	}

	/**
	 * Do what somebody has to do before the next start.
	 */
	void mend(Ground ground) {
	}

	/**
	 * Start the replica behind a router and with a clock of its own. The same processes
	 * serve several faults, as the start of one takes long.
	 */
	private static void putApart(ReplicaHosts.Builder builder, TestDatabase database, Ground ground) {
		builder.launcher(ground.node().launcher())
			.environment(ground.clock().environment())
			.property("spring.datasource.url", database.url(ground.node().server()));
	}

	private static void hit(List<Cell> cells, Consumer<HostedReplica> signal) {
		cells.stream().map(Cell::hit).forEach(signal);
	}

	private static void pass(Duration time) {
		Awaiting.await("the end of the fault").pollDelay(time).atMost(time.multipliedBy(4)).until(() -> true);
	}

	@Override
	public String toString() {
		return this.label;
	}

}
