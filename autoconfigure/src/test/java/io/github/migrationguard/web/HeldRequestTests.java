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

package io.github.migrationguard.web;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

import io.github.migrationguard.MigrationGuard;
import io.github.migrationguard.MigrationState;
import io.github.migrationguard.MigrationStatus;
import io.github.migrationguard.lock.LockKey;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.test.json.JsonContent;
import org.springframework.test.json.JsonContentAssert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link HeldRequest}.
 *
 * @author Migration Guard
 */
class HeldRequestTests {

	private static final Instant SINCE = Instant.parse("2026-03-04T05:06:07Z");

	@Test
	@Tag("security:S18")
	void firstMigrationThatIsNotDoneIsDescribed() {
		assertThatJson(status("first", MigrationState.COMPLETED, null),
				status("second", MigrationState.MIGRATING, null), status("third", MigrationState.PENDING, null))
			.isStrictlyEqualTo("""
					{"type":"about:blank","title":"Service Unavailable","status":503,
					"detail":"The database migrations of this application are not done yet.",
					"state":"MIGRATING","since":"2026-03-04T05:06:07Z"}""");
	}

	@Test
	void waitIsMeasured() {
		assertThatJson(status("first", MigrationState.WAITING, Instant.now().minusSeconds(3600)))
			.hasPathSatisfying("$.waitedFor", (value) -> assertThat(value).asString().startsWith("PT1H"));
	}

	@Test
	@Tag("security:S18")
	void failureIsTold() {
		assertThatJson(status("first", MigrationState.FAILED, null)).isLenientlyEqualTo("""
				{"state":"FAILED","detail":"A database migration of this application has failed."}""");
	}

	@Test
	void nothingIsToldOfMigrationsThatAreNotKnownYet() {
		assertThatJson().isStrictlyEqualTo("""
				{"type":"about:blank","title":"Service Unavailable","status":503,
				"detail":"The database migrations of this application are not done yet."}""");
	}

	private JsonContentAssert assertThatJson(MigrationStatus... status) {
		MigrationGuard guard = mock();
		given(guard.getStatus()).willReturn(List.of(status));
		return assertThat(new JsonContent(new String(HeldRequest.by(guard).toJson(), StandardCharsets.UTF_8)));
	}

	private static MigrationStatus status(String name, MigrationState state, Instant waitingSince) {
		MigrationStatus.Lock lock = new MigrationStatus.Lock(LockKey.of("lock", "lock"), waitingSince, null, null, null,
				null);
		return new MigrationStatus(name, "liquibase", state, SINCE, null, lock, null, null,
				new MigrationStatus.Failure("secret", null, null), MigrationStatus.Ddl.NONE);
	}

}
