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

/**
 * How what a unit does is committed.
 *
 * @author Migration Guard
 * @since 0.1.0
 */
public enum UnitCommit {

	/**
	 * In one transaction with its record, by this library: the tool would commit first
	 * and record then.
	 */
	WITHHELD,

	/**
	 * In one transaction with its record, by the tool.
	 */
	BY_TOOL,

	/**
	 * Statement by statement: the unit is not transactional.
	 */
	PER_STATEMENT

}
