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

import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Whom a holder waits for that tries again later. It waits for nothing in the server
 * meanwhile, so it says so in its name, for the other instances to see.
 *
 * @param pid the process id of who is in the way, or 0 if unknown
 * @param relation the oid of the table that is wanted, or 0 if it is none or unknown
 * @param mode the initials of the mode that is wanted, for example {@code AEL} for
 * {@code AccessExclusiveLock}, or an empty text if unknown
 * @author Migration Guard
 * @since 0.1.0
 */
public record BlockedBy(int pid, long relation, String mode) {

	/**
	 * Somebody who is not known.
	 */
	public static final BlockedBy UNKNOWN = new BlockedBy(0, 0, "");

	private static final Pattern FORMAT = Pattern.compile("B([0-9a-z]{1,6})\\.([0-9a-z]{1,7})\\.([A-Z]{0,4})");

	static @Nullable BlockedBy parse(String text) {
		Matcher matcher = FORMAT.matcher(text);
		return matcher.matches() ? new BlockedBy((int) Long.parseLong(matcher.group(1), Character.MAX_RADIX),
				Long.parseLong(matcher.group(2), Character.MAX_RADIX), matcher.group(3)) : null;
	}

	@Override
	public String toString() {
		return "B%s.%s.%s".formatted(Integer.toString(this.pid, Character.MAX_RADIX),
				Long.toString(this.relation, Character.MAX_RADIX), this.mode);
	}

}
