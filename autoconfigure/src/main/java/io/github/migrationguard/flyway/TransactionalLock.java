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

package io.github.migrationguard.flyway;

import org.flywaydb.core.api.configuration.Configuration;
import org.flywaydb.database.postgresql.PostgreSQLConfigurationExtension;

import org.springframework.util.ClassUtils;

/**
 * Whether Flyway keeps its lock in a transaction on a second connection. As long as that
 * is open, {@code create index concurrently} waits for it.
 *
 * @author Migration Guard
 */
final class TransactionalLock {

	private static final boolean PRESENT = ClassUtils.isPresent(
			"org.flywaydb.database.postgresql.PostgreSQLConfigurationExtension",
			TransactionalLock.class.getClassLoader());

	private TransactionalLock() {
	}

	static boolean isOn(Configuration configuration) {
		return PRESENT && Extension.of(configuration).isTransactionalLock();
	}

	static void switchTo(Configuration configuration, boolean transactionalLock) {
		if (PRESENT) {
			Extension.of(configuration).setTransactionalLock(transactionalLock);
		}
	}

	/**
	 * Keeps Flyway's optional support for PostgreSQL out of the class above: who forgot
	 * it is told so by Flyway.
	 */
	private static final class Extension {

		static PostgreSQLConfigurationExtension of(Configuration configuration) {
			return configuration.getPluginRegister().getExact(PostgreSQLConfigurationExtension.class);
		}

	}

}
