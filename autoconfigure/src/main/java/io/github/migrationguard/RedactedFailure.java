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

import org.jspecify.annotations.Nullable;

/**
 * A failure as it may stand in the log, without the secrets of URLs that drivers write
 * into their messages.
 *
 * @author Migration Guard
 * @since 0.1.0
 */
@SuppressWarnings("serial")
public final class RedactedFailure extends Exception {

	private RedactedFailure(Throwable failure, @Nullable Throwable cause) {
		super(failure.getClass().getName() + ": " + JdbcUrls.withoutSecretsIn(String.valueOf(failure.getMessage())),
				cause, false, true);
		setStackTrace(failure.getStackTrace());
	}

	/**
	 * Return what may be logged.
	 * @param failure the failure
	 * @return the failure itself if it tells no secret, else a copy that does not
	 */
	public static Throwable of(Throwable failure) {
		return tellsSecret(failure) ? new RedactedFailure(failure, causeOf(failure)) : failure;
	}

	private static boolean tellsSecret(Throwable failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			String message = String.valueOf(cause.getMessage());
			if (!JdbcUrls.withoutSecretsIn(message).equals(message)) {
				return true;
			}
		}
		return false;
	}

	private static @Nullable Throwable causeOf(Throwable failure) {
		return (failure.getCause() != null) ? of(failure.getCause()) : null;
	}

}
