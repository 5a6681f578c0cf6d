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

import java.time.Duration;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * A lock that a session waits for.
 *
 * @param target the lock, in the columns of {@code pg_locks}
 * @param mode the mode that is wanted, for example {@code AccessExclusiveLock}
 * @param description mode and target in words, for example
 * {@code AccessExclusiveLock on orders}
 * @param waitedFor how long it has been waited for, or {@code null} if unknown
 * @author Migration Guard
 * @since 0.1.0
 */
public record LockRequest(Target target, String mode, String description, @Nullable Duration waitedFor) {

	/**
	 * What a lock is on: the identifying columns of {@code pg_locks} as text, so that one
	 * statement can find it again whatever its type is.
	 *
	 * @param type the type, for example {@code relation} or {@code transactionid}
	 * @param database the oid of the database, or {@code null}
	 * @param relation the oid of the relation, or {@code null}
	 * @param page the page, or {@code null}
	 * @param tuple the tuple, or {@code null}
	 * @param virtualTransaction the virtual transaction id, or {@code null}
	 * @param transaction the transaction id, or {@code null}
	 * @param classId the first number of other types, or {@code null}
	 * @param objectId the second number of other types, or {@code null}
	 * @param objectSubId the third number of other types, or {@code null}
	 */
	public record Target(String type, @Nullable String database, @Nullable String relation, @Nullable String page,
			@Nullable String tuple, @Nullable String virtualTransaction, @Nullable String transaction,
			@Nullable String classId, @Nullable String objectId, @Nullable String objectSubId) {

		/**
		 * Return what {@code concat_ws('/', ...)} makes of the columns: which of them are
		 * there depends on the type, so that it tells locks apart.
		 */
		String key() {
			return Stream
				.of(this.type, this.database, this.relation, this.page, this.tuple, this.virtualTransaction,
						this.transaction, this.classId, this.objectId, this.objectSubId)
				.filter(Objects::nonNull)
				.collect(Collectors.joining("/"));
		}

		/**
		 * Return what {@code coalesce(relation, classid, 0)} makes of the columns: what
		 * can be compared quickly before the rest is.
		 */
		String object() {
			return Stream.of(this.relation, this.classId).filter(Objects::nonNull).findFirst().orElse("0");
		}

	}

}
