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

package io.github.migrationguard.sample.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import io.github.migrationguard.sample.demo.MigrationsStatus.Attempt;
import io.github.migrationguard.sample.demo.MigrationsStatus.Blocker;
import io.github.migrationguard.sample.demo.MigrationsStatus.Progress;
import org.jspecify.annotations.Nullable;

/**
 * Tells how it ended, for each replica.
 *
 * @author Migration Guard
 */
final class Summary {

	private static final String ROW = " %-9s  %-24s  %-11s  %s";

	private static final String NOTE = " %-10s  %s";

	private static final int LOG_LINES = 20;

	private Summary() {
	}

	/**
	 * Sum up.
	 * @param tool what migrated the database
	 * @param outcomes what became of the replicas
	 * @param lastChange when the last change was committed, if there was one
	 * @param before how much had been applied before the replicas were started
	 * @return the lines of the summary
	 */
	static List<String> lines(Tool tool, List<ReplicaOutcome> outcomes, @Nullable Instant lastChange, int before) {
		List<String> lines = new ArrayList<>();
		lines.add("");
		lines.add(headline(outcomes));
		lines.add("");
		lines.add(ROW.formatted("REPLICA", "DID", "READY AFTER", "AFTER THE LAST CHANGE"));
		for (ReplicaOutcome outcome : outcomes) {
			lines.add(row(tool, outcome, lastChange, before).stripTrailing());
		}
		return lines;
	}

	/**
	 * Tell who was in the way and what that did to readers.
	 * @param disturbance what was in the way
	 * @param attempts the attempts to apply what it was in the way of
	 * @return the lines to print
	 */
	static List<String> of(Disturbance disturbance, List<Attempt> attempts) {
		List<String> lines = new ArrayList<>();
		lines.add("");
		for (Blocker blocker : disturbance.seen()) {
			lines.add(NOTE.formatted("In the way", Texts.blocker(blocker) + Texts.age(blocker)));
		}
		lines.add(NOTE.formatted("In the end", disturbance.end()));
		lines
			.add(NOTE.formatted("Attempts", !attempts.isEmpty() ? Texts.attempts(attempts) : "nothing was in the way"));
		lines.add(NOTE.formatted("Readers", Texts.readings(disturbance.readings())));
		return lines;
	}

	/**
	 * Show the end of a log.
	 * @param log the log
	 * @return its last lines
	 * @throws IOException if the log cannot be read
	 */
	static List<String> endOf(Path log) throws IOException {
		List<String> all = Files.exists(log) ? Files.readAllLines(log) : List.of("(empty)");
		List<String> lines = new ArrayList<>();
		lines.add("");
		lines.add(" The end of %s:".formatted(log));
		lines.add("");
		all.stream().skip(Math.max(0, all.size() - LOG_LINES)).map((line) -> "   " + line).forEach(lines::add);
		return lines;
	}

	/**
	 * Tell what to do while the replicas stay up.
	 * @param port the port of one of them
	 * @return the lines to print
	 */
	static List<String> stay(int port) {
		return List.of("", " They stay up until Ctrl-C.", "",
				" curl -s localhost:%d/actuator/migrations".formatted(port),
				" curl -s localhost:%d/orders/totals".formatted(port));
	}

	private static String headline(List<ReplicaOutcome> outcomes) {
		long failed = outcomes.stream().filter(ReplicaOutcome::failed).count();
		return (failed == 0) ? " All %d replicas are ready.".formatted(outcomes.size())
				: " %d of %d replicas failed.".formatted(failed, outcomes.size());
	}

	private static String row(Tool tool, ReplicaOutcome outcome, @Nullable Instant lastChange, int before) {
		Instant readyAt = outcome.readyAt();
		String name = outcome.last().name();
		if (readyAt == null) {
			return ROW.formatted(name, outcome.last().state().toLowerCase(Locale.ROOT), "", "");
		}
		return ROW.formatted(name, deed(tool, outcome, before),
				Texts.seconds(Duration.between(outcome.startedAt(), readyAt)),
				(lastChange != null) ? Texts.seconds(Duration.between(lastChange, readyAt)) : "");
	}

	private static String deed(Tool tool, ReplicaOutcome outcome, int before) {
		Progress progress = outcome.last().progress();
		if (outcome.migrated() && progress != null) {
			return "applied %d %s".formatted(progress.applied() - before, tool.units());
		}
		String waited = Texts.waited(outcome.last());
		return waited.isEmpty() ? "nothing" : "waited " + waited;
	}

}
