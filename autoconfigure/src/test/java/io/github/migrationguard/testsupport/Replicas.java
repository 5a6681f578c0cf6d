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

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Starts replicas of a service, each a process of its own, on the database of a test. All
 * of them are gone when the test is over.
 *
 * @author Migration Guard
 */
public final class Replicas implements AutoCloseable {

	private final TestDatabase database;

	private final Path directory;

	private final boolean warm;

	private final List<Replica> started = new CopyOnWriteArrayList<>();

	Replicas(TestDatabase database, List<String> directory, boolean warm) {
		this.database = database;
		this.warm = warm;
		this.directory = TestFiles.directory("replicas", directory.toArray(String[]::new));
	}

	/**
	 * Start replicas on a database that lives longer than a test, for somebody who ends
	 * them himself.
	 * @param database the database
	 * @param directory the directory of their files below the one of all replicas
	 * @return what starts them
	 */
	public static Replicas on(TestDatabase database, String... directory) {
		return new Replicas(database, List.of(directory), false);
	}

	/**
	 * Prepare replicas with Migration Guard on their class path.
	 * @param migrations the migrations of the service
	 * @return a builder
	 */
	public ReplicaBuilder guarded(Migrations migrations) {
		return new ReplicaBuilder(this, migrations, true);
	}

	/**
	 * Prepare replicas of the same service as it would be without Migration Guard.
	 * @param migrations the migrations of the service
	 * @return a builder
	 */
	public ReplicaBuilder stock(Migrations migrations) {
		return new ReplicaBuilder(this, migrations, false);
	}

	TestDatabase database() {
		return this.database;
	}

	/**
	 * Return whether replicas may be started in processes that are there already.
	 */
	boolean isWarm() {
		return this.warm;
	}

	/**
	 * Return a directory for the next replica's files.
	 * @param name the name of the replica
	 * @return an empty directory
	 */
	Path directory(String name) {
		try {
			Files.createDirectories(this.directory);
			return Files.createTempDirectory(this.directory, name + "-");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	int nextNumber() {
		return this.started.size() + 1;
	}

	void add(Replica replica) {
		this.started.add(replica);
	}

	@Override
	public void close() {
		this.started.forEach(Replica::end);
	}

}
