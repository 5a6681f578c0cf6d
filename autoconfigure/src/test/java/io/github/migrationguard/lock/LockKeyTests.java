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

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LockKey}. The numbers are the contract between versions that run side
 * by side: they must never change.
 *
 * @author Migration Guard
 */
class LockKeyTests {

	@Test
	void sameIdentityMakesSameKeyInEveryVersion() {
		LockKey key = LockKey.of("\"public\".\"databasechangeloglock\"", "public.databasechangeloglock");
		assertThat(key.namespace()).isEqualTo(1296712786);
		assertThat(key.hash()).isEqualTo(1624095823);
		assertThat(key.presenceNamespace()).isEqualTo(1296712787);
	}

	@Test
	void differentIdentitiesMakeDifferentKeys() {
		assertThat(LockKey.of("\"a\".\"lock\"", "a.lock").hash())
			.isNotEqualTo(LockKey.of("\"b\".\"lock\"", "b.lock").hash());
	}

	@Test
	@Tag("security:S51")
	void channelIsMadeOfNumbersOnly() {
		assertThat(LockKey.of("x'; drop table orders; --", "x").channel()).matches("[a-z0-9_]+");
	}

}
