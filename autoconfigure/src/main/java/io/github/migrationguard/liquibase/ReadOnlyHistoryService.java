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

package io.github.migrationguard.liquibase;

import liquibase.Scope;
import liquibase.changelog.StandardChangeLogHistoryService;
import liquibase.database.Database;

/**
 * The {@link liquibase.changelog.ChangeLogHistoryService ChangeLogHistoryService} of a
 * look. Found by Liquibase as a service, it is active only during a look; it reads the
 * history table if there is one and never creates or alters it. (Liquibase does so when
 * it merely reads a change log that includes another one.)
 *
 * @author Migration Guard
 * @since 0.1.0
 */
public class ReadOnlyHistoryService extends StandardChangeLogHistoryService {

	private static final String SCOPE_KEY = ReadOnlyHistoryService.class.getName();

	static String scopeKey() {
		return SCOPE_KEY;
	}

	@Override
	public int getPriority() {
		return PRIORITY_DATABASE + 1000;
	}

	@Override
	public boolean supports(Database database) {
		return Scope.getCurrentScope().has(SCOPE_KEY);
	}

	@Override
	public void init() {
		// Would create the table
	}

}
