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

package io.github.migrationguard.watch;

import org.jspecify.annotations.Nullable;

/**
 * An index that PostgreSQL does not use because building it has failed, for example a
 * {@code CREATE INDEX CONCURRENTLY} that met duplicate keys.
 *
 * @param name the quoted, schema-qualified name of the index
 * @param table the quoted, schema-qualified name of its table
 * @param definition its definition, or {@code null} if its table is locked
 * @param owned whether the role that asks is a member of its owner, so that it may drop
 * it
 * @param beingBuilt whether somebody is building it at this moment
 * @author Migration Guard
 * @since 0.1.0
 */
public record InvalidIndex(String name, String table, @Nullable String definition, boolean owned, boolean beingBuilt) {

	/**
	 * Return the statement that removes the index without blocking anybody.
	 * @return the statement
	 */
	public String remedy() {
		return "drop index concurrently " + this.name;
	}

}
