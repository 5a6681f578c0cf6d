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

import java.util.Optional;

import io.github.migrationguard.testsupport.Replica;

/**
 * Recordings of what the replicas do (JDK Flight Recorder), to find out where a figure
 * comes from. Figures that are taken meanwhile are none. A JVM that records crashes with
 * an archive of classes of the application.
 *
 * @author Migration Guard
 */
final class Profile {

	/**
	 * System property with the directory of the recordings.
	 */
	private static final String DIRECTORY = "benchmarks.profile";

	private Profile() {
	}

	static Optional<String> jvmOption(Engine engine) {
		return Optional.ofNullable(System.getProperty(DIRECTORY))
			.map((directory) -> "-XX:StartFlightRecording=settings=profile,dumponexit=true,filename=%s/%s-%d.jfr"
				.formatted(directory, engine.subject().id(), System.currentTimeMillis()));
	}

	/**
	 * End a replica: at once, or with its recording.
	 * @param replica the replica
	 */
	static void end(Replica replica) {
		if (System.getProperty(DIRECTORY) != null) {
			replica.sigterm();
		}
		else {
			replica.kill9();
		}
		replica.awaitExit();
	}

}
