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
import java.time.Instant;

import io.github.migrationguard.lock.ParticipantName.Role;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ParticipantName}.
 *
 * @author Migration Guard
 */
class ParticipantNameTests {

	private static final Instant SINCE = Instant.parse("2026-11-20T11:29:16Z");

	@Test
	void survivesApplicationName() {
		ParticipantName name = ParticipantName.of(Role.HOLDER, SINCE, "orders/orders-7c9f-0");
		assertThat(name).hasToString("mg:H:tost8s:orders/orders-7c9f-0");
		assertThat(ParticipantName.parse(name.toString())).isEqualTo(name);
	}

	@Test
	@Tag("security:S23")
	void keepsTailOfLongInstanceWithinWhatServerKeeps() {
		String name = ParticipantName.of(Role.WAITER, SINCE, "x".repeat(80) + "-pod-0").toString();
		assertThat(name.getBytes(StandardCharsets.UTF_8)).hasSize(63);
		assertThat(name).startsWith("mg:W:tost8s:xxx").endsWith("-pod-0");
	}

	@Test
	@Tag("security:S23")
	void replacesWhatServerWouldReplace() {
		assertThat(ParticipantName.of(Role.FOLLOWER, SINCE, "bestellungen-ü\n0").toString())
			.isEqualTo("mg:F:tost8s:bestellungen-__0");
	}

	@Test
	void otherNamesAreNotOurs() {
		assertThat(ParticipantName.parse(null)).isNull();
		assertThat(ParticipantName.parse("psql")).isNull();
		assertThat(ParticipantName.parse("mg:X:tost8s:a")).isNull();
		assertThat(ParticipantName.parse("mg:H:zzzzzzzzzzzzzzzzzz:a")).isNull();
	}

	@Test
	void holderThatTriesAgainLaterNamesWhoIsInTheWay() {
		BlockedBy blockedBy = new BlockedBy(4194304, 4294967295L, "AEL");
		String name = ParticipantName.ofBlockedHolder(blockedBy, SINCE, "orders-0").toString();
		ParticipantName parsed = ParticipantName.parse(name);
		assertThat(parsed.role()).isEqualTo(Role.HOLDER);
		assertThat(parsed.blockedBy()).isEqualTo(blockedBy);
		assertThat(parsed.since()).isEqualTo(SINCE);
		assertThat(parsed.instance()).isEqualTo("orders-0");
		assertThat(ParticipantName.parse("mg:Bx:t4xgw1:orders-0")).isNull();
	}

	@Test
	@Tag("security:S44")
	void hostileMomentIsNotOurs() {
		assertThat(ParticipantName.parse("mg:H:zzzzzzzzzzzz:a")).isNull();
	}

}
