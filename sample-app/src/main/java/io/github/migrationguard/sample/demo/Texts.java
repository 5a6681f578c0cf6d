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

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.stream.Collectors;

import io.github.migrationguard.sample.demo.MigrationsStatus.Attempt;
import io.github.migrationguard.sample.demo.MigrationsStatus.Blocker;
import io.github.migrationguard.sample.demo.MigrationsStatus.Current;
import io.github.migrationguard.sample.demo.MigrationsStatus.Holder;
import io.github.migrationguard.sample.demo.MigrationsStatus.Progress;
import io.github.migrationguard.sample.demo.Reader.Readings;

/**
 * What is shown of a replica, in words.
 *
 * @author Migration Guard
 */
final class Texts {

	private Texts() {
	}

	static String seconds(Duration duration) {
		return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
	}

	static String waited(ReplicaSnapshot replica) {
		Duration waited = replica.waitedFor();
		return (waited != null) ? seconds(waited) : "";
	}

	static String holder(ReplicaSnapshot replica) {
		Holder holder = replica.holder();
		if (holder == null || replica.ready()) {
			return "";
		}
		String instance = holder.instance();
		return (instance != null) ? "%s (%d)".formatted(afterLast(instance, "/"), holder.pid()) : "pid " + holder.pid();
	}

	static String progress(ReplicaSnapshot replica) {
		Progress progress = replica.progress();
		return (progress != null) ? progress(progress.applied(), progress.all()) : "";
	}

	/**
	 * Tell what the progress will be in the end.
	 * @param replica the replica
	 * @return the text that needs the most room
	 */
	static String longestProgress(ReplicaSnapshot replica) {
		Progress progress = replica.progress();
		return (progress != null) ? progress(progress.all(), progress.all()) : "";
	}

	private static String progress(int applied, int all) {
		return (all > 0) ? applied + "/" + all : "";
	}

	/**
	 * Describe a replica in one line.
	 * @param replica the replica
	 * @return what changes less often than its durations do
	 */
	static String describe(ReplicaSnapshot replica) {
		StringJoiner text = new StringJoiner(", ");
		text.add(replica.state());
		if (!holder(replica).isEmpty()) {
			text.add("lock held by " + holder(replica));
		}
		if (!progress(replica).isEmpty()) {
			text.add(progress(replica) + " applied");
		}
		if (replica.readiness() != 0) {
			text.add("readiness " + replica.readiness());
		}
		return text.add("port " + replica.port()).toString();
	}

	/**
	 * Describe the change set or migration that is being applied.
	 * @param frame the moment
	 * @return its name and file, how long it has been running and how far it is
	 */
	static String running(Frame frame) {
		return frame.running().map((progress) -> running(progress, frame.time())).orElse("");
	}

	private static String running(Progress progress, Instant now) {
		Current current = progress.current();
		if (current == null) {
			return "";
		}
		StringBuilder text = new StringBuilder(unit(current.id()));
		if (current.startedAt() != null) {
			text.append(", ").append(seconds(Duration.between(current.startedAt(), now)));
		}
		if (progress.phase() != null) {
			text.append(", ").append(progress.phase());
		}
		if (progress.percent() != null) {
			text.append(" ").append(progress.percent()).append(" %");
		}
		return text.toString();
	}

	/**
	 * Tell who is in the way.
	 * @param blocker the session
	 * @return its name, what kind of blocker it is and what it holds
	 */
	static String blocker(Blocker blocker) {
		StringJoiner text = new StringJoiner(", ");
		String name = (blocker.applicationName() != null) ? blocker.applicationName() : "a session";
		text.add((blocker.pid() != null) ? "%s (pid %d)".formatted(name, blocker.pid()) : name);
		text.add(blocker.kind());
		if (blocker.holds() != null) {
			text.add("holds " + blocker.holds());
		}
		return text.toString();
	}

	static String age(Blocker blocker) {
		Duration age = blocker.transactionAge();
		return (age != null) ? ", transaction open for " + seconds(age) : "";
	}

	/**
	 * Tell how attempts went.
	 * @param attempts the attempts
	 * @return what each ended with, by their change sets or migrations
	 */
	static String attempts(List<Attempt> attempts) {
		Map<String, List<Attempt>> byUnit = attempts.stream()
			.collect(Collectors.groupingBy(Attempt::unit, LinkedHashMap::new, Collectors.toList()));
		StringJoiner text = new StringJoiner("; ");
		byUnit.forEach((unit, all) -> text
			.add(all.stream().map(Texts::attempt).collect(Collectors.joining(", ", unit(unit) + ": ", ""))));
		return text.toString();
	}

	private static String attempt(Attempt attempt) {
		String outcome = (attempt.outcome() != null) ? attempt.outcome() : "goes on";
		return (attempt.took() != null) ? "%s after %s".formatted(outcome, seconds(attempt.took())) : outcome;
	}

	/**
	 * Tell what readers have noticed.
	 * @param readings what they have measured
	 * @return the longest stall, and how many there were
	 */
	static String readings(Readings readings) {
		return "longest stall %s, %d of %d reads took more than 0.1 s".formatted(seconds(readings.longest()),
				readings.slow(), readings.count());
	}

	private static String unit(String id) {
		// Liquibase: path/file::id::author, Flyway: file
		String[] parts = id.split("::");
		return (parts.length == 3) ? "%s in %s".formatted(parts[1], afterLast(parts[0], "/")) : id;
	}

	private static String afterLast(String text, String separator) {
		return text.substring(text.lastIndexOf(separator) + 1);
	}

}
