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

import java.lang.StackWalker.StackFrame;
import java.util.List;

import javax.sql.DataSource;

import io.github.migrationguard.JdbcUrls;
import io.github.migrationguard.UnguardedRuns;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.Configuration;
import org.flywaydb.core.extensibility.ResourceType;
import org.flywaydb.core.extensibility.ResourceTypeProvider;
import org.flywaydb.core.internal.util.Pair;

/**
 * Tells the {@link UnguardedRuns} of calls of {@link Flyway#migrate()} outside of a
 * guarded run. Flyway asks each {@link ResourceTypeProvider} which files it knows
 * whenever it reads the names of migrations; this one knows none.
 *
 * @author Migration Guard
 * @since 0.1.0
 */
public final class UnguardedFlywayRuns implements ResourceTypeProvider {

	@Override
	public List<Pair<String, ResourceType>> getPrefixTypePairs(Configuration configuration) {
		DataSource dataSource = configuration.getDataSource();
		if (dataSource != null && !(dataSource instanceof LockingDataSource) && !JdbcUrls.isOtherDatabase(dataSource)) {
			UnguardedRuns.noticed("flyway", UnguardedFlywayRuns::isMigrate);
		}
		return List.of();
	}

	private static boolean isMigrate(List<StackFrame> stack) {
		return stack.stream()
			.anyMatch((frame) -> frame.getDeclaringClass() == Flyway.class && frame.getMethodName().equals("migrate"));
	}

}
