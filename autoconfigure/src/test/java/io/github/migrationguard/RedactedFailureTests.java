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

import java.net.UnknownHostException;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RedactedFailure}.
 *
 * @author Migration Guard
 */
class RedactedFailureTests {

	private final Exception host = new UnknownHostException("alice:secret@db");

	@Test
	void failureWithoutSecretIsItself() {
		Exception failure = new IllegalStateException("no driver for jdbc:postgresql://db/orders", new Exception());
		assertThat(RedactedFailure.of(failure)).isSameAs(failure);
	}

	@Test
	@Tag("security:S21")
	void causesAndSuppressedFailuresTellNoSecret() {
		Exception failure = new IllegalStateException("failed",
				new Exception("jdbc:postgresql://db/orders?password=a"));
		failure.addSuppressed(this.host);
		Throwable redacted = RedactedFailure.of(failure);
		assertThat(redacted).hasMessage("java.lang.IllegalStateException: failed")
			.hasCause(redacted.getCause())
			.extracting(Throwable::getStackTrace)
			.isEqualTo(failure.getStackTrace());
		assertThat(redacted.getCause()).hasMessage("java.lang.Exception: jdbc:postgresql://db/orders");
		assertThat(redacted.getSuppressed()).singleElement()
			.extracting(Throwable::getMessage)
			.isEqualTo("java.net.UnknownHostException: ...@db");
	}

	@Test
	void circleEnds() {
		Exception failure = new IllegalStateException("failed", this.host);
		this.host.addSuppressed(failure);
		assertThat(RedactedFailure.of(failure)).hasNoSuppressedExceptions()
			.cause()
			.hasMessageEndingWith("...@db")
			.hasNoSuppressedExceptions();
	}

}
