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

import java.util.concurrent.TimeUnit;

import io.github.migrationguard.ddl.RunningStatement;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ServerSilence}.
 *
 * @author Migration Guard
 */
class ServerSilenceTests {

	private final RunningStatement statement = new RunningStatement(1, 0, 0, true, false);

	private final ServerSilence silence = new ServerSilence();

	@Test
	void isTooLongAfterQuestionsOfSomeTime() {
		assertThat(unanswered(this.statement, 100, 105)).isFalse();
		assertThat(unanswered(this.statement, 106, 111)).isFalse();
		assertThat(unanswered(this.statement, 112, 117)).isTrue();
	}

	@Test
	void isNotTooLongAfterOneQuestion() {
		assertThat(unanswered(this.statement, 100, 200)).isFalse();
	}

	@Test
	void endsWithAnswer() {
		unanswered(this.statement, 100, 105);
		unanswered(this.statement, 106, 111);
		this.silence.answered();
		assertThat(unanswered(this.statement, 112, 117)).isFalse();
	}

	@Test
	void endsWithStatement() {
		unanswered(this.statement, 100, 105);
		unanswered(this.statement, 106, 111);
		assertThat(unanswered(new RunningStatement(2, 0, 0, true, false), 112, 117)).isFalse();
	}

	private boolean unanswered(RunningStatement statement, long asked, long now) {
		return this.silence.unanswered(statement, TimeUnit.SECONDS.toNanos(asked), TimeUnit.SECONDS.toNanos(now));
	}

}
