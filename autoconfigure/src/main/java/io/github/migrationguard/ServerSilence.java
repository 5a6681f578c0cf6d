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

import java.time.Duration;

import io.github.migrationguard.ddl.RunningStatement;

/**
 * For how long the server has left questions about a statement without an answer. A
 * statement that ends is an answer, too, and one question alone proves nothing: this JVM
 * may have been stopped meanwhile.
 *
 * @author Migration Guard
 */
final class ServerSilence {

	static final Duration MAX = Duration.ofSeconds(15);

	private long statement;

	private long since;

	private int questions;

	void answered() {
		this.questions = 0;
	}

	/**
	 * Called when a question was not answered.
	 * @param statement the statement that runs
	 * @param asked when it was asked, as of {@link System#nanoTime()}
	 * @param now when it was given up
	 * @return whether the server has been silent for too long
	 */
	boolean unanswered(RunningStatement statement, long asked, long now) {
		if (this.questions == 0 || this.statement != statement.id()) {
			this.statement = statement.id();
			this.since = asked;
			this.questions = 0;
		}
		this.questions++;
		return this.questions > 1 && now - this.since > MAX.toNanos();
	}

}
