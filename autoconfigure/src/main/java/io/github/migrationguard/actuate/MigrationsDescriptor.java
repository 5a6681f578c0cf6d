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

package io.github.migrationguard.actuate;

import java.time.Instant;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.github.migrationguard.MigrationState;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * Description of all migrations of an application.
 *
 * @param state the state of the first migration that is not done, or that of the whole if
 * all are
 * @param instance the name of this instance
 * @param startup when the migrations run during the start of the application
 * @param sampledAt when holders and waiters were read, or {@code null} if they were not
 * @param migrations the migrations by the names of their beans
 * @author Migration Guard
 * @since 0.1.0
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({ "state", "instance", "startup", "sampledAt", "migrations" })
public record MigrationsDescriptor(MigrationState state, String instance, StartupDescriptor startup,
		@JsonFormat(shape = JsonFormat.Shape.STRING) @Nullable Instant sampledAt,
		Map<String, MigrationDescriptor> migrations) implements OperationResponseBody {

	/**
	 * Description of when the migrations run.
	 *
	 * @param mode the mode, {@code gate} or {@code in-refresh}
	 * @param reason why this mode
	 */
	@JsonPropertyOrder({ "mode", "reason" })
	public record StartupDescriptor(String mode, String reason) {

	}

}
