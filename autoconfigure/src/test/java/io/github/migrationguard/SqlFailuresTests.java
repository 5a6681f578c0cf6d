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

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SqlFailures}.
 *
 * @author Migration Guard
 */
class SqlFailuresTests {

	@Test
	void statementOfAnotherSessionProvesPooling() {
		SQLException failure = new SQLException("prepared statement \"S_1\" already exists", "42P05");
		assertThat(SqlFailures.findProofOfPooling(new IllegalStateException(failure)))
			.isEqualTo("prepared statement \"S_1\" already exists");
		assertThat(
				SqlFailures.findProofOfPooling(new SQLException("prepared statement \"S_2\" does not exist", "26000")))
			.isNotNull();
		assertThat(SqlFailures
			.findProofOfPooling(new SQLException("transaction blocks not allowed in statement pooling mode", "08P01")))
			.isNotNull();
		assertThat(SqlFailures.findProofOfPooling(new SQLException("server conn crashed?", "08P01"))).isNull();
		assertThat(SqlFailures.findProofOfPooling(new SQLException("no such table", "42P01"))).isNull();
	}

	@Test
	void statementThatScriptForgotToPrepareProvesNothing() {
		assertThat(SqlFailures
			.findProofOfPooling(new SQLException("prepared statement \"totals\" does not exist", "26000"))).isNull();
		assertThat(SqlFailures
			.findProofOfPooling(new SQLException("prepared statement \"totals\" already exists", "42P05"))).isNull();
	}

	@Test
	void whatPoolerWillNeverAcceptIsNotAwaited() {
		assertThat(SqlFailures.isNotThereYet(new SQLException("server conn crashed?", "08P01"))).isTrue();
		assertThat(List.of("unsupported startup parameter: options", "password authentication failed",
				"no such user: orders", "no such database: orders",
				"transaction blocks not allowed in statement pooling mode"))
			.allSatisfy(
					(message) -> assertThat(SqlFailures.isNotThereYet(new SQLException(message, "08P01"))).isFalse());
	}

	@Test
	void missingAdvisoryLocksAreTold() {
		assertThat(SqlFailures.isAdvisoryLockMissing(
				new SQLException("function pg_try_advisory_lock_shared(integer, integer) does not exist", "42883")))
			.isTrue();
		assertThat(SqlFailures.isAdvisoryLockMissing(new SQLException("function total() does not exist", "42883")))
			.isFalse();
	}

	@Test
	void findsStateNearestToRoot() {
		Exception failure = new IllegalStateException(
				new SQLTransientConnectionException("pool", "08000", new SQLException("refused", "08001")));
		assertThat(SqlFailures.findSqlState(failure)).isEqualTo("08001");
		assertThat(SqlFailures.findMessage(failure)).isEqualTo("refused");
	}

	@Test
	void findsMessageWithoutState() {
		assertThat(SqlFailures.findSqlState(new IllegalStateException("a"))).isNull();
		assertThat(SqlFailures.findMessage(new IllegalStateException("a", new IllegalArgumentException("b"))))
			.isEqualTo("b");
	}

	@Test
	void messageHasNoSecret() {
		assertThat(SqlFailures.findMessage(
				new SQLException("No suitable driver found for jdbc:postgres://db/orders?user=a&password=b", "08001")))
			.isEqualTo("No suitable driver found for jdbc:postgres://db/orders");
	}

	@ParameterizedTest
	@ValueSource(strings = { "08001", "08006", "53300", "57P03", "57P01" })
	void waitsForDatabaseThatWillBeThere(String sqlState) {
		assertThat(SqlFailures.isNotThereYet(new SQLException("", sqlState))).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "28P01", "28000", "3D000", "42501" })
	void doesNotWaitForWhatStaysWrong(String sqlState) {
		assertThat(SqlFailures.isNotThereYet(new SQLException("", sqlState))).isFalse();
	}

	@Test
	void failureThatIsItsOwnCauseEnds() {
		SQLException failure = new SQLException("a", "08001");
		failure.setNextException(new SQLException("b"));
		assertThat(SqlFailures.find(failure, IllegalStateException.class)).isNull();
	}

}
