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

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The observations of a run: a timer, a long task timer and a span each, where a handler
 * for these is there. A handler that fails does not fail the run.
 *
 * @author Migration Guard
 */
final class RunObservations {

	private static final Log logger = LogFactory.getLog(MigrationRun.class);

	private static final AtomicBoolean WARNED = new AtomicBoolean();

	private final ObservationRegistry registry;

	private final Migrator migrator;

	RunObservations(ObservationRegistry registry, Migrator migrator) {
		this.registry = registry;
		this.migrator = migrator;
	}

	Observation lockWait() {
		return observe(() -> create("migrations.lock.wait", "wait for the migration lock").start());
	}

	Observation run() {
		return observe(() -> create("migrations.run", "run migration").start());
	}

	Observation unit(String unit, Observation run) {
		return observe(() -> create("migrations.unit", "apply unit").highCardinalityKeyValue("unit", unit)
			.parentObservation(run)
			.start());
	}

	private Observation create(String name, String contextualName) {
		return Observation.createNotStarted(name, this.registry)
			.contextualName(contextualName)
			.lowCardinalityKeyValue("name", this.migrator.getGroup())
			.lowCardinalityKeyValue("tool", this.migrator.getTool())
			.lowCardinalityKeyValue("outcome", "none")
			.highCardinalityKeyValue("migration", this.migrator.getName());
	}

	static void stop(Observation observation, String outcome) {
		stop(observation, outcome, null);
	}

	static void stop(Observation observation, String outcome, @Nullable Throwable failure) {
		observe(() -> {
			((failure != null) ? observation.error(failure) : observation).lowCardinalityKeyValue("outcome", outcome)
				.stop();
			return observation;
		});
	}

	static void fail(Observation observation, Throwable failure) {
		stop(observation, "failure", failure);
	}

	/**
	 * The run goes on with another session if its own was lost, unless it is to stop.
	 */
	static void failOrLose(Observation observation, Throwable failure, StopSignal stop) {
		boolean lost = SqlFailures.isSessionLost(failure) && !stop.isRequested();
		stop(observation, lost ? "lost" : "failure", failure);
	}

	private static Observation observe(Supplier<Observation> action) {
		try {
			return action.get();
		}
		catch (RuntimeException | LinkageError ex) {
			if (WARNED.compareAndSet(false, true)) {
				logger.warn("Observing the migrations fails. They go on", ex);
			}
			return Observation.NOOP;
		}
	}

}
