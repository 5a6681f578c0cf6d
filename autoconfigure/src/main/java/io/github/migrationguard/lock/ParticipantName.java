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

import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * What a session tells about itself in its {@code application_name}, the one text that
 * other roles can read without privileges: its role, since when it has it and the
 * instance it belongs to, as in {@code mg:H:tgs1k0:orders/orders-7c9f-0}.
 * <p>
 * PostgreSQL cuts the name after 63 bytes and replaces what is not printable ASCII, so
 * the instance is cut from the left (a pod's name ends with what tells it apart) and
 * cleaned beforehand.
 *
 * @param role what the session does
 * @param since since when, in whole seconds of the server's clock
 * @param instance the tail of the instance's name
 * @param blockedBy who is in the way of a holder that waits to try again, or {@code null}
 * if it does not wait for that
 * @author Migration Guard
 * @see <a href=
 * "https://www.postgresql.org/docs/current/runtime-config-logging.html#GUC-APPLICATION-NAME">application_name</a>
 */
record ParticipantName(Role role, Instant since, String instance, @Nullable BlockedBy blockedBy) {

	private static final int MAX_BYTES = 63;

	private static final Pattern FORMAT = Pattern.compile("mg:([WHF]|B[^:]*):([0-9a-z]{1,9}):(.*)");

	static ParticipantName of(Role role, Instant since, String instance) {
		return new ParticipantName(role, since, instance, null);
	}

	static ParticipantName ofBlockedHolder(BlockedBy blockedBy, Instant since, String instance) {
		return new ParticipantName(Role.HOLDER, since, instance, blockedBy);
	}

	static @Nullable ParticipantName parse(@Nullable String applicationName) {
		Matcher matcher = FORMAT.matcher((applicationName != null) ? applicationName : "");
		if (!matcher.matches()) {
			return null;
		}
		Instant since = Instant.ofEpochSecond(Long.parseLong(matcher.group(2), Character.MAX_RADIX));
		String role = matcher.group(1);
		if (role.length() == 1) {
			return of(Role.ofLetter(role.charAt(0)), since, matcher.group(3));
		}
		BlockedBy blockedBy = BlockedBy.parse(role);
		return (blockedBy != null) ? ofBlockedHolder(blockedBy, since, matcher.group(3)) : null;
	}

	@Override
	public String toString() {
		String prefix = "mg:%s:%s:".formatted(letter(),
				Long.toString(this.since.getEpochSecond(), Character.MAX_RADIX));
		String printable = this.instance.replaceAll("[^ -~]", "_");
		int room = MAX_BYTES - prefix.length();
		return prefix + printable.substring(Math.max(0, printable.length() - room));
	}

	private String letter() {
		return (this.blockedBy != null) ? this.blockedBy.toString() : String.valueOf(this.role.letter);
	}

	/**
	 * What a participating session does.
	 */
	enum Role {

		WAITER('W'), HOLDER('H'), FOLLOWER('F');

		private final char letter;

		Role(char letter) {
			this.letter = letter;
		}

		private static Role ofLetter(char letter) {
			for (Role role : values()) {
				if (role.letter == letter) {
					return role;
				}
			}
			throw new IllegalArgumentException("Unknown role '" + letter + "'");
		}

	}

}
