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

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * The key of a session-level PostgreSQL advisory lock in its two-integer form. Advisory
 * locks are per database, so the key only has to tell apart what lives in one database.
 *
 * @param namespace the first integer, the same for every migration lock
 * @param hash the second integer, a stable hash of the identity of what must not be
 * shared
 * @param name the readable name of what is protected, for example
 * {@code public.databasechangeloglock}
 * @author Migration Guard
 * @since 0.1.0
 * @see <a href=
 * "https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS">Advisory
 * Locks</a>
 */
public record LockKey(int namespace, int hash, String name) {

	/**
	 * First integer of every migration lock. The presence of participants is registered
	 * under the next integer.
	 */
	public static final int NAMESPACE = 0x4d4a4452;

	/**
	 * Create the key for the given identity. The same identity always makes the same key,
	 * in every version of this library.
	 * @param identity the resolved and quoted identity, for example
	 * {@code "public"."databasechangeloglock"}
	 * @param name the readable name
	 * @return the key
	 */
	public static LockKey of(String identity, String name) {
		CRC32 crc = new CRC32();
		crc.update(identity.getBytes(StandardCharsets.UTF_8));
		return new LockKey(NAMESPACE, (int) crc.getValue(), name);
	}

	int presenceNamespace() {
		return presenceNamespace(this.namespace);
	}

	static int presenceNamespace(int namespace) {
		return namespace + 1;
	}

	/**
	 * Return the name of the channel on which the release of the lock is notified. It is
	 * made of the two integers only, hence safe as an SQL identifier.
	 * @return the channel
	 */
	String channel() {
		return "migration_guard_%08x_%08x".formatted(this.namespace, this.hash);
	}

}
