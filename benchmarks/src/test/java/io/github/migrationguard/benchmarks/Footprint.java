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

import java.lang.management.ManagementFactory;

/**
 * What this process needs at a moment.
 *
 * @author Migration Guard
 * @param threads how many threads there are that belong to a guard
 * @param heap how many bytes of the heap are in use after a collection
 */
record Footprint(long threads, long heap) {

	private static final int COLLECTIONS = 3;

	static Footprint take() {
		for (int i = 0; i < COLLECTIONS; i++) {
			System.gc();
		}
		return new Footprint(countThreads(), ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
	}

	/**
	 * The thread that starts an instance stands for the main thread of a service, which
	 * is there without a guard, too.
	 */
	private static long countThreads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> !thread.getName().startsWith(Instance.MAIN_THREAD))
			.count();
	}

}
