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

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * A lock that somebody waits for, as one session holds it or waits for it.
 *
 * @param target what the lock is on
 * @param description what the lock is on, in words
 * @param mode the mode
 * @param granted whether the session holds it
 * @param waitedFor how long the session has been waiting for it, or {@code null}
 * @author Migration Guard
 */
record ObservedLock(LockRequest.Target target, String description, String mode, boolean granted,
		@Nullable Duration waitedFor) {

	static ObservedLock of(ResultSet row) throws SQLException {
		LockRequest.Target target = new LockRequest.Target(row.getString("locktype"), row.getString("database"),
				row.getString("relation"), row.getString("page"), row.getString("tuple"), row.getString("virtualxid"),
				row.getString("transactionid"), row.getString("classid"), row.getString("objid"),
				row.getString("objsubid"));
		return new ObservedLock(target, row.getString("description"), row.getString("mode"), row.getBoolean("granted"),
				Durations.read(row, "waited_for"));
	}

	boolean isInTheWayOf(LockRequest request) {
		return this.target.equals(request.target()) && LockMode.conflictingWith(request.mode()).contains(this.mode);
	}

	LockRequest toRequest() {
		return new LockRequest(this.target, this.mode, describe(), this.waitedFor);
	}

	String describe() {
		return this.mode + " on " + this.description;
	}

}
