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

package io.github.migrationguard.testsupport;

import java.sql.Connection;
import java.util.concurrent.CountDownLatch;

import javax.sql.DataSource;

import io.github.migrationguard.GuardedRun;
import io.github.migrationguard.MigrationLook;
import io.github.migrationguard.Migrator;

/**
 * A migration that runs until a test lets it end, or fails when the test says so. It
 * needs no database.
 *
 * @author Migration Guard
 */
public final class HeldMigration implements Migrator {

	private final CountDownLatch end = new CountDownLatch(1);

	private volatile boolean running;

	private volatile boolean failing;

	/**
	 * Let the migration end.
	 */
	public void release() {
		this.end.countDown();
	}

	/**
	 * Return whether the migration was started.
	 * @return whether it has begun
	 */
	public boolean isRunning() {
		return this.running;
	}

	/**
	 * Let the migration fail.
	 */
	public void fail() {
		this.failing = true;
		release();
	}

	/**
	 * Let the migration succeed when it is tried again.
	 */
	public void mend() {
		this.failing = false;
	}

	@Override
	public String getName() {
		return "held";
	}

	@Override
	public String getTool() {
		return "test";
	}

	@Override
	public boolean isSwitchedOff() {
		return true;
	}

	@Override
	public void runUnguarded() throws Exception {
		this.running = true;
		this.end.await();
		if (this.failing) {
			throw new IllegalStateException("The migration failed with 'secret'");
		}
	}

	@Override
	public DataSource getDataSource() {
		throw new UnsupportedOperationException();
	}

	@Override
	public MigrationLook look(Connection connection) {
		throw new UnsupportedOperationException();
	}

	@Override
	public void migrate(GuardedRun run) {
		throw new UnsupportedOperationException();
	}

}
