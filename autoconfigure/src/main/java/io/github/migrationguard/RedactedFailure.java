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

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A failure as it may stand in the log, without the secrets of URLs that drivers write
 * into their messages.
 *
 * @author Migration Guard
 * @since 0.1.0
 */
@SuppressWarnings("serial")
public final class RedactedFailure extends Exception {

	private RedactedFailure(Throwable failure, Set<Throwable> seen) {
		super("%s: %s".formatted(failure.getClass().getName(), withoutSecrets(failure)));
		setStackTrace(failure.getStackTrace());
		seen.add(failure);
		if (failure.getCause() != null && !seen.contains(failure.getCause())) {
			initCause(new RedactedFailure(failure.getCause(), seen));
		}
		Stream.of(failure.getSuppressed())
			.filter((suppressed) -> !seen.contains(suppressed))
			.forEach((suppressed) -> addSuppressed(new RedactedFailure(suppressed, seen)));
	}

	/**
	 * Return what may be logged.
	 * @param failure the failure
	 * @return the failure itself if it tells no secret, else a copy that does not
	 */
	public static Throwable of(Throwable failure) {
		return tellsSecret(failure, identitySet()) ? new RedactedFailure(failure, identitySet()) : failure;
	}

	private static boolean tellsSecret(Throwable failure, Set<Throwable> seen) {
		return seen.add(failure) && (!withoutSecrets(failure).equals(String.valueOf(failure.getMessage()))
				|| (failure.getCause() != null && tellsSecret(failure.getCause(), seen))
				|| Stream.of(failure.getSuppressed()).anyMatch((suppressed) -> tellsSecret(suppressed, seen)));
	}

	private static String withoutSecrets(Throwable failure) {
		return JdbcUrls.withoutSecretsIn(String.valueOf(failure.getMessage()));
	}

	private static Set<Throwable> identitySet() {
		return Collections.newSetFromMap(new IdentityHashMap<>());
	}

}
