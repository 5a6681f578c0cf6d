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

import io.github.migrationguard.MigrationGuard;
import io.github.migrationguard.MigrationState;
import io.github.migrationguard.MigrationStatus;

import org.springframework.boot.json.JsonWriter;

/**
 * An answer of the {@link EarlyProbeServer}.
 *
 * @param status the HTTP status
 * @param contentType the content type
 * @param body the body
 * @author Migration Guard
 */
record EarlyAnswer(int status, String contentType, byte[] body) {

	private static final String JSON = "application/json";

	private static final String UP = "{\"status\":\"UP\"}";

	private static final String OUT_OF_SERVICE = "{\"status\":\"OUT_OF_SERVICE\"}";

	private static final JsonWriter<BareState> writer = JsonWriter.of((members) -> {
		members.add("state", BareState::state);
		members.add("instance", BareState::instance);
	});

	static EarlyAnswer to(EarlyProbePaths.Probe probe, MigrationGuard guard) {
		return switch (probe) {
			case LIVENESS -> of(200, JSON, UP);
			case READINESS -> of(HeldRequest.STATUS, JSON, OUT_OF_SERVICE);
			case MIGRATIONS -> of(200, JSON, writer.writeToString(BareState.of(guard)));
			case OTHER -> new EarlyAnswer(HeldRequest.STATUS, HeldRequest.CONTENT_TYPE, HeldRequest.by(guard).toJson());
		};
	}

	private static EarlyAnswer of(int status, String contentType, String body) {
		return new EarlyAnswer(status, contentType, body.getBytes(StandardCharsets.UTF_8));
	}

	private record BareState(MigrationState state, String instance) {

		static BareState of(MigrationGuard guard) {
			return new BareState(MigrationState.of(guard.getStatus().stream().map(MigrationStatus::state).toList()),
					guard.getInstance());
		}

	}

}
