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

import java.time.Duration;
import java.util.List;

/**
 * All rows, in the order of the page.
 *
 * @author Migration Guard
 */
final class Rows {

	private Rows() {
	}

	static List<Row> all() {
		return List.of(new EmptyDatabaseRow(), new HandoffRow(), new CrashRow(), new ConcurrentIndexRow(),
				new ForgottenTransactionRow(Duration.ofSeconds(8)), new StartUpRow(500), new ShutdownRow(),
				new WaitersRow(1, 10, 50, 200), new ChangeSetsRow(100, 1000, 5000), new SchemasRow(1, 30, 300),
				new InnerPathsRow());
	}

}
