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

package io.github.migrationguard.job;

import java.util.List;

import io.github.migrationguard.MigrationGuard;
import io.github.migrationguard.MigrationStatus;
import io.github.migrationguard.MigratorDetector;
import io.github.migrationguard.gate.MigrationStarter;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.support.GenericApplicationContext;

/**
 * The context of a migration job. It has all bean definitions of the application and
 * creates only the beans that migrate and what these need, such as a data source: no
 * business bean, no listener, no lifecycle. When the migrations are done, the JVM exits.
 *
 * @author Migration Guard
 */
class MigrationJobContext extends GenericApplicationContext {

	private static final Log logger = LogFactory.getLog(MigrationJobContext.class);

	@Override
	public void refresh() {
		super.refresh();
		close();
		System.exit(0);
	}

	/**
	 * Migrations run where the beans of the application would be created. The context is
	 * locked here, so that nobody closes it meanwhile.
	 */
	@Override
	protected void finishBeanFactoryInitialization(ConfigurableListableBeanFactory beanFactory) {
		if (!beanFactory.hasEmbeddedValueResolver()) {
			beanFactory.addEmbeddedValueResolver((value) -> getEnvironment().resolvePlaceholders(value));
		}
		beanFactory.freezeConfiguration();
		beanFactory.getBeanProvider(MigratorDetector.class).forEach(MigratorDetector::detectMigrators);
		MigrationGuard guard = beanFactory.getBean(MigrationGuard.class);
		beanFactory.getBean(MigrationStarter.class).migrate();
		List<MigrationStatus> status = guard.getStatus();
		if (status.isEmpty()) {
			throw new MigrationJobException(
					"There is nothing to migrate: no bean of Liquibase or Flyway that uses PostgreSQL was found");
		}
		status.forEach(
				(migration) -> logger.info("Migration job: '%s' is %s".formatted(migration.name(), migration.state())));
	}

	/**
	 * No listener of the application is to be created.
	 */
	@Override
	protected void registerListeners() {
	}

	/**
	 * No lifecycle of the application is to be started.
	 */
	@Override
	protected void finishRefresh() {
	}

}
