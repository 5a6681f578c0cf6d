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

package io.github.migrationguard.gate;

import io.github.migrationguard.MigrationGuard;
import io.github.migrationguard.MigratorDetector;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.availability.ApplicationAvailabilityBean;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.LivenessState;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;

/**
 * Runs the migrations after the web server was started and before everything else is:
 * pollers, listeners, schedulers, runners. The server answers meanwhile, so the
 * application is alive and tells its status, but it is not ready.
 * <p>
 * It is in the first phase of all and makes the web server one of its dependencies, which
 * the lifecycle processor starts before it, whatever their phase.
 *
 * @author Migration Guard
 * @since 0.1.0
 * @see org.springframework.context.support.DefaultLifecycleProcessor
 */
public class MigrationGate implements SmartLifecycle {

	/**
	 * The name of the bean.
	 */
	public static final String BEAN_NAME = "migrationGate";

	/**
	 * Names of Spring Boot's beans that start the web server and the management server.
	 * An application without them is fine: this only adds to a map of names.
	 */
	private static final String[] SERVERS = { "webServerStartStop", "childManagementContextInitializer" };

	private final ConfigurableApplicationContext applicationContext;

	private final MigrationGuard guard;

	private final MigrationStarter starter;

	private final ObjectProvider<MigratorDetector> detectors;

	private final ObjectProvider<SchemaCheck> schemaChecks;

	private volatile boolean open;

	private volatile boolean running;

	/**
	 * Create the gate.
	 * @param applicationContext the application's context
	 * @param guard the guard that knows the migrations
	 * @param starter what runs them
	 * @param detectors what finds the migrators
	 * @param schemaChecks what was put off until the migrations are done
	 */
	public MigrationGate(ConfigurableApplicationContext applicationContext, MigrationGuard guard,
			MigrationStarter starter, ObjectProvider<MigratorDetector> detectors,
			ObjectProvider<SchemaCheck> schemaChecks) {
		this.applicationContext = applicationContext;
		this.guard = guard;
		this.starter = starter;
		this.detectors = detectors;
		this.schemaChecks = schemaChecks;
		ConfigurableListableBeanFactory beanFactory = applicationContext.getBeanFactory();
		for (String server : SERVERS) {
			beanFactory.registerDependentBean(server, BEAN_NAME);
		}
	}

	/**
	 * Return whether the migrations are done, so that traffic may come in.
	 * @return whether the gate is open
	 */
	public boolean isOpen() {
		return this.open;
	}

	@Override
	public void start() {
		if (!this.open) {
			this.detectors.forEach(MigratorDetector::detectMigrators);
			if (!this.guard.isDone()) {
				EmbeddedServerCheck.run(this.applicationContext);
				answerLiveness();
			}
			this.starter.migrate();
			this.schemaChecks.orderedStream().forEach(SchemaCheck::check);
			this.open = true;
		}
		this.running = true;
	}

	/**
	 * Listeners of the application hear of it when it has been started, and only once.
	 */
	private void answerLiveness() {
		this.applicationContext.getBeanProvider(ApplicationAvailabilityBean.class)
			.ifAvailable((availability) -> availability
				.onApplicationEvent(new AvailabilityChangeEvent<>(this.applicationContext, LivenessState.CORRECT)));
	}

	@Override
	public void stop() {
		this.running = false;
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public boolean isPauseable() {
		return false;
	}

	@Override
	public int getPhase() {
		return Integer.MIN_VALUE;
	}

}
