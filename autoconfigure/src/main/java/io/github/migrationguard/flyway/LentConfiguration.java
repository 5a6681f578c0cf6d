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

package io.github.migrationguard.flyway;

import java.util.stream.Stream;

import javax.sql.DataSource;

import org.flywaydb.core.api.callback.Callback;
import org.flywaydb.core.api.configuration.ClassicConfiguration;

/**
 * The configuration of the user's own {@link org.flywaydb.core.Flyway}, changed so that
 * it works on the session of a run, until it is given back. With a copy of it whoever
 * keeps the bean itself, such as a strategy or a subclass, would run on connections that
 * hold no lock.
 *
 * @author Migration Guard
 */
final class LentConfiguration implements AutoCloseable {

	private final ClassicConfiguration configuration;

	private final DataSource dataSource;

	private final Callback[] callbacks;

	private final boolean transactionalLock;

	private LentConfiguration(ClassicConfiguration configuration) {
		this.configuration = configuration;
		this.dataSource = configuration.getDataSource();
		this.callbacks = configuration.getCallbacks();
		this.transactionalLock = TransactionalLock.isOn(configuration);
	}

	static LentConfiguration of(ClassicConfiguration configuration, DataSource dataSource, Callback... callbacks) {
		LentConfiguration lent = new LentConfiguration(configuration);
		configuration.setDataSource(dataSource);
		configuration
			.setCallbacks(Stream.concat(Stream.of(lent.callbacks), Stream.of(callbacks)).toArray(Callback[]::new));
		TransactionalLock.switchTo(configuration, false);
		return lent;
	}

	@Override
	public void close() {
		this.configuration.setDataSource(this.dataSource);
		this.configuration.setCallbacks(this.callbacks);
		TransactionalLock.switchTo(this.configuration, this.transactionalLock);
	}

}
