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

package io.github.migrationguard.testsupport;

import java.nio.file.Path;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;

import io.github.migrationguard.testsupport.HostProcess.Kind;

/**
 * The processes that wait for another replica to start in them. Shared by all test
 * classes of this JVM, and gone with it.
 *
 * @author Migration Guard
 */
final class HostPool {

	private static final Map<Kind, Queue<HostProcess>> idle = new ConcurrentHashMap<>();

	private HostPool() {
	}

	/**
	 * Return a process that nobody else uses.
	 * @param kind what it is started with
	 * @param directory a new directory for the files of a process that has to be started
	 */
	static HostProcess take(Kind kind, Supplier<Path> directory) {
		HostProcess host = idle(kind).poll();
		while (host != null && !host.process().isAlive()) {
			host = idle(kind).poll();
		}
		return (host != null) ? host : HostProcess.start(kind, directory.get().resolve("output.log"));
	}

	/**
	 * Let the next replica use a process.
	 * @param host the process, whose replica has ended
	 */
	static void giveBack(HostProcess host) {
		idle(host.kind()).add(host);
	}

	private static Queue<HostProcess> idle(Kind kind) {
		return idle.computeIfAbsent(kind, (key) -> new ConcurrentLinkedQueue<>());
	}

}
