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

package io.github.migrationguard.liquibase;

import java.sql.Connection;
import java.util.concurrent.locks.Lock;

import javax.sql.DataSource;

import io.github.migrationguard.GuardedRun;
import io.github.migrationguard.MigrationLook;
import io.github.migrationguard.Migrator;
import liquibase.integration.spring.MultiTenantSpringLiquibase;

/**
 * A subclass of {@link MultiTenantSpringLiquibase} that overrides its run, as a
 * {@link Migrator}. Nobody but the bean itself knows its tenants, so all of them are
 * migrated under one lock, and by each instance.
 *
 * @author Migration Guard
 */
class MultiTenantMigrator implements Migrator {

	private final String name;

	private final MultiTenantSpringLiquibase bean;

	private final DataSource dataSource;

	/**
	 * Sees and guards the schema of the bean itself.
	 */
	private final LiquibaseMigrator ownSchema;

	MultiTenantMigrator(String name, MultiTenantSpringLiquibase bean) {
		this.name = name;
		this.bean = bean;
		this.dataSource = bean.getDataSource();
		this.ownSchema = new LiquibaseMigrator(name, new MultiTenantAccess(bean).create(this.dataSource));
	}

	@Override
	public String getName() {
		return this.name;
	}

	@Override
	public String getTool() {
		return this.ownSchema.getTool();
	}

	@Override
	public DataSource getDataSource() {
		return this.dataSource;
	}

	@Override
	public boolean isSwitchedOff() {
		return this.ownSchema.isSwitchedOff();
	}

	@Override
	public void runUnguarded() throws Exception {
		this.bean.afterPropertiesSet();
	}

	@Override
	public Lock getJvmLock() {
		return this.ownSchema.getJvmLock();
	}

	@Override
	public MigrationLook look(Connection connection) throws Exception {
		return this.ownSchema.lookAtTarget(connection);
	}

	@Override
	public MigrationLook lookAsWaiter(Connection connection) {
		throw new IllegalStateException(
				"Nobody can wait for the tenants of '%s', because only a run of %s knows them: give it the role 'migrate'"
					.formatted(this.name, this.bean.getClass().getName()));
	}

	@Override
	public void migrate(GuardedRun run) throws Exception {
		try {
			this.bean.setDataSource(run.getDataSource());
			this.bean.afterPropertiesSet();
		}
		finally {
			this.bean.setDataSource(this.dataSource);
		}
	}

}
