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

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The transaction of this thread, put aside as its manager would, so that what is done
 * meanwhile does not become a part of it.
 *
 * @author Migration Guard
 * @see org.springframework.transaction.support.AbstractPlatformTransactionManager
 */
final class SuspendedTransaction implements AutoCloseable {

	private final List<TransactionSynchronization> synchronizations;

	private final boolean synchronizing = TransactionSynchronizationManager.isSynchronizationActive();

	private final boolean active = TransactionSynchronizationManager.isActualTransactionActive();

	private final boolean readOnly = TransactionSynchronizationManager.isCurrentTransactionReadOnly();

	private final @Nullable String name = TransactionSynchronizationManager.getCurrentTransactionName();

	private final @Nullable Integer isolationLevel = TransactionSynchronizationManager
		.getCurrentTransactionIsolationLevel();

	private final Map<Object, Object> resources;

	private SuspendedTransaction() {
		this.synchronizations = this.synchronizing ? TransactionSynchronizationManager.getSynchronizations()
				: List.of();
		this.synchronizations.forEach(TransactionSynchronization::suspend);
		if (this.synchronizing) {
			TransactionSynchronizationManager.clearSynchronization();
		}
		this.resources = Map.copyOf(TransactionSynchronizationManager.getResourceMap());
		this.resources.keySet().forEach(TransactionSynchronizationManager::unbindResource);
		set(null, false, null, false);
	}

	static SuspendedTransaction suspend() {
		return new SuspendedTransaction();
	}

	private static void set(@Nullable String name, boolean readOnly, @Nullable Integer isolationLevel, boolean active) {
		TransactionSynchronizationManager.setCurrentTransactionName(name);
		TransactionSynchronizationManager.setCurrentTransactionReadOnly(readOnly);
		TransactionSynchronizationManager.setCurrentTransactionIsolationLevel(isolationLevel);
		TransactionSynchronizationManager.setActualTransactionActive(active);
	}

	@Override
	public void close() {
		set(this.name, this.readOnly, this.isolationLevel, this.active);
		this.resources.forEach(TransactionSynchronizationManager::bindResource);
		if (this.synchronizing) {
			TransactionSynchronizationManager.initSynchronization();
			this.synchronizations.forEach(TransactionSynchronization::resume);
			this.synchronizations.forEach(TransactionSynchronizationManager::registerSynchronization);
		}
	}

}
