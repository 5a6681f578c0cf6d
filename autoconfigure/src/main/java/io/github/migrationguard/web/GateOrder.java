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

import org.springframework.core.Ordered;

/**
 * Where the gate is among the filters: what counts requests comes first, so that held
 * ones are seen in the metrics; sessions, security and the application's own filters come
 * later, as they may need the database.
 *
 * @author Migration Guard
 */
final class GateOrder {

	static final int VALUE = Ordered.HIGHEST_PRECEDENCE + 10;

	private GateOrder() {
	}

}
