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

/**
 * What may happen in a round.
 *
 * @author Migration Guard
 */
enum ChaosFault {

	KILL(true) {

		@Override
		void begin(ChaosRound round, Pod pod) {
			pod.replica().kill9();
		}

	},

	TERM(true) {

		@Override
		void begin(ChaosRound round, Pod pod) {
			pod.replica().sigterm();
		}

	},

	FREEZE(true) {

		@Override
		void begin(ChaosRound round, Pod pod) {
			pod.replica().sigstop();
		}

		@Override
		void end(ChaosRound round, Pod pod) {
			pod.replica().sigcont();
		}

	},

	TERMINATE(true) {

		@Override
		void begin(ChaosRound round, Pod pod) {
			round.signal("pg_terminate_backend", pod);
		}

	},

	CANCEL(true) {

		@Override
		void begin(ChaosRound round, Pod pod) {
			round.signal("pg_cancel_backend", pod);
		}

	},

	INTERRUPT(true) {

		@Override
		void begin(ChaosRound round, Pod pod) {
			pod.replica().interrupt("starter");
		}

	},

	BLOCK(true) {

		@Override
		void begin(ChaosRound round, Pod pod) {
			round.blocker()
				.execute("begin")
				.execute("do $$ begin perform from orders; exception when undefined_table then end $$");
		}

		@Override
		void end(ChaosRound round, Pod pod) {
			round.closeBlocker();
		}

	},

	SLOTS(true) {

		@Override
		void begin(ChaosRound round, Pod pod) {
			round.limitConnections(0);
		}

		@Override
		void end(ChaosRound round, Pod pod) {
			round.limitConnections(-1);
		}

	},

	RESTART(false) {

		@Override
		void begin(ChaosRound round, Pod pod) {
			round.restart("INT");
		}

	},

	RESTART_IMMEDIATE(false) {

		@Override
		void begin(ChaosRound round, Pod pod) {
			round.restart("QUIT");
		}

	},

	CRASH(false) {

		@Override
		void begin(ChaosRound round, Pod pod) {
			round.restart("KILL");
		}

	};

	private final boolean hitsOneReplica;

	ChaosFault(boolean hitsOneReplica) {
		this.hitsOneReplica = hitsOneReplica;
	}

	boolean hitsOneReplica() {
		return this.hitsOneReplica;
	}

	abstract void begin(ChaosRound round, Pod pod);

	void end(ChaosRound round, Pod pod) {
	}

}
