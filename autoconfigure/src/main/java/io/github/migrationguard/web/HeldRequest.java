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
import java.time.Duration;
import java.time.Instant;

import io.github.migrationguard.MigrationGuard;
import io.github.migrationguard.MigrationState;
import io.github.migrationguard.MigrationStatus;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.json.JsonWriter;

/**
 * The answer to a request that is held: a problem detail without any SQL or secret, as
 * anybody may ask.
 *
 * @param state the state of the first migration that is not done, or {@code null}
 * @param since since when it is in this state, or {@code null}
 * @param waitedFor how long this instance has been waiting for the lock, or {@code null}
 * @author Migration Guard
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9457.html">RFC 9457</a>
 */
record HeldRequest(@Nullable MigrationState state, @Nullable Instant since, @Nullable Duration waitedFor) {

	static final int STATUS = 503;

	static final String CONTENT_TYPE = "application/problem+json";

	static final String CACHE_CONTROL = "no-store";

	static final String RETRY_AFTER_SECONDS = "5";

	private static final JsonWriter<HeldRequest> writer = JsonWriter.of((members) -> {
		members.add("type", "about:blank");
		members.add("title", "Service Unavailable");
		members.add("status", STATUS);
		members.add("detail", HeldRequest::detail);
		members.add("state", HeldRequest::state).whenNotNull().as(MigrationState::name);
		members.add("since", HeldRequest::since).whenNotNull().as(Instant::toString);
		members.add("waitedFor", HeldRequest::waitedFor).whenNotNull().as(Duration::toString);
	});

	static HeldRequest by(MigrationGuard guard) {
		return guard.getStatus()
			.stream()
			.filter((status) -> !status.state().isDone())
			.findFirst()
			.map(HeldRequest::by)
			.orElseGet(() -> new HeldRequest(null, null, null));
	}

	private static HeldRequest by(MigrationStatus status) {
		Instant waitingSince = (status.lock() != null) ? status.lock().waitingSince() : null;
		Duration waitedFor = (waitingSince != null)
				? Duration.ofMillis(Duration.between(waitingSince, Instant.now()).toMillis()) : null;
		return new HeldRequest(status.state(), status.since(), waitedFor);
	}

	private String detail() {
		return (this.state == MigrationState.FAILED) ? "A database migration of this application has failed."
				: "The database migrations of this application are not done yet.";
	}

	byte[] toJson() {
		return writer.writeToString(this).getBytes(StandardCharsets.UTF_8);
	}

}
