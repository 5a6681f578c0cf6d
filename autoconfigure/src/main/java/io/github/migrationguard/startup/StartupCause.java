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

package io.github.migrationguard.startup;

/**
 * What has decided when the migrations run.
 *
 * @author Migration Guard
 * @since 0.1.0
 */
public enum StartupCause {

	/**
	 * Nothing needs them earlier than at the gate.
	 */
	DEFAULT,

	/**
	 * The mode was configured.
	 */
	CONFIGURED,

	/**
	 * The application has sent a statement while beans were created.
	 */
	FIRST_STATEMENT,

	/**
	 * The application may send statements that cannot be noticed.
	 */
	UNNOTICED_STATEMENTS,

	/**
	 * Nobody could tell an instance that waits from one that works.
	 */
	NO_HEALTH_ENDPOINT

}
