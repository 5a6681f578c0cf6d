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

package io.github.migrationguard.soak;

import java.util.List;
import java.util.regex.Pattern;

/**
 * What a process with guards uses, as a line of its output.
 *
 * @param heap the bytes of its heap that are used after a garbage collection
 * @param threads how many threads there are
 * @param guardThreads how many of them belong to guards
 * @author Migration Guard
 */
record Usage(long heap, int threads, int guardThreads) {

	private static final Pattern LINE = Pattern.compile("^uses (\\d+) (\\d+) (\\d+)$", Pattern.MULTILINE);

	/**
	 * Read all that were printed.
	 */
	static List<Usage> read(String output) {
		return LINE.matcher(output)
			.results()
			.map((line) -> new Usage(Long.parseLong(line.group(1)), Integer.parseInt(line.group(2)),
					Integer.parseInt(line.group(3))))
			.toList();
	}

	@Override
	public String toString() {
		return "uses %d %d %d".formatted(this.heap, this.threads, this.guardThreads);
	}

}
