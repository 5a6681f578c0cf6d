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

package io.github.migrationguard.startup;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SuspendedTransaction}.
 *
 * @author Migration Guard
 */
class SuspendedTransactionTests {

	private final List<String> calls = new ArrayList<>();

	private final TransactionSynchronization synchronization = new TransactionSynchronization() {

		@Override
		public void suspend() {
			SuspendedTransactionTests.this.calls.add("suspend");
		}

		@Override
		public void resume() {
			SuspendedTransactionTests.this.calls.add("resume");
		}

	};

	@AfterEach
	void clear() {
		TransactionSynchronizationManager.clear();
		TransactionSynchronizationManager.unbindResourceIfPossible("pool");
	}

	@Test
	void nothingOfTransactionIsSeenMeanwhile() {
		TransactionSynchronizationManager.bindResource("pool", "connection");
		TransactionSynchronizationManager.initSynchronization();
		TransactionSynchronizationManager.registerSynchronization(this.synchronization);
		TransactionSynchronizationManager.setActualTransactionActive(true);
		TransactionSynchronizationManager.setCurrentTransactionName("outer");
		TransactionSynchronizationManager.setCurrentTransactionReadOnly(true);
		TransactionSynchronizationManager.setCurrentTransactionIsolationLevel(8);
		try (SuspendedTransaction suspended = SuspendedTransaction.suspend()) {
			assertThat(TransactionSynchronizationManager.isSynchronizationActive()).isFalse();
			assertThat(TransactionSynchronizationManager.isActualTransactionActive()).isFalse();
			assertThat(TransactionSynchronizationManager.isCurrentTransactionReadOnly()).isFalse();
			assertThat(TransactionSynchronizationManager.getCurrentTransactionName()).isNull();
			assertThat(TransactionSynchronizationManager.getResourceMap()).isEmpty();
			assertThat(this.calls).containsExactly("suspend");
		}
		assertThat(this.calls).containsExactly("suspend", "resume");
		assertThat(TransactionSynchronizationManager.getSynchronizations()).containsExactly(this.synchronization);
		assertThat(TransactionSynchronizationManager.isActualTransactionActive()).isTrue();
		assertThat(TransactionSynchronizationManager.getCurrentTransactionName()).isEqualTo("outer");
		assertThat(TransactionSynchronizationManager.isCurrentTransactionReadOnly()).isTrue();
		assertThat(TransactionSynchronizationManager.getCurrentTransactionIsolationLevel()).isEqualTo(8);
		assertThat(TransactionSynchronizationManager.getResource("pool")).isEqualTo("connection");
	}

	@Test
	void threadWithoutTransactionStaysWithout() {
		try (SuspendedTransaction suspended = SuspendedTransaction.suspend()) {
			assertThat(TransactionSynchronizationManager.isSynchronizationActive()).isFalse();
		}
		assertThat(TransactionSynchronizationManager.isSynchronizationActive()).isFalse();
		assertThat(TransactionSynchronizationManager.getResourceMap()).isEmpty();
	}

}
