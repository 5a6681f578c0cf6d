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

import java.time.Instant;

import io.github.migrationguard.lock.PrintableText;
import org.jspecify.annotations.Nullable;

/**
 * A lock of the migration tool itself that is held by somebody who is not guarded, such
 * as an instance without this library or the tool's command line.
 *
 * @param table the readable name of the lock's table
 * @param lockedBy who holds it, in the words of the tool, or {@code null} if unknown
 * @param since since when, or {@code null} if unknown
 * @param remedy the SQL statement that releases it once its owner is known to be gone
 * @author Migration Guard
 * @since 0.1.0
 */
public record ToolLock(String table, @Nullable String lockedBy, @Nullable Instant since, String remedy) {

	/**
	 * Return who holds the lock and since when, as far as that is known.
	 * @return the description
	 */
	public String describe() {
		String owner = (this.lockedBy != null) ? "'" + PrintableText.of(this.lockedBy) + "'" : "somebody unknown";
		return (this.since != null) ? owner + " since " + this.since : owner;
	}

}
