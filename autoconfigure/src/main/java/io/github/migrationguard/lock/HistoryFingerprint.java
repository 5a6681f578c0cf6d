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

package io.github.migrationguard.lock;

/**
 * A cheap sign of whether a history table has changed.
 *
 * @param count the number of rows that record units
 * @param last what tells the newest row from its predecessors
 * @author Migration Guard
 * @since 0.1.0
 */
public record HistoryFingerprint(long count, String last) {

	/**
	 * The fingerprint of a history table that does not exist or is empty.
	 */
	public static final HistoryFingerprint EMPTY = new HistoryFingerprint(0, "");

}
