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

import java.util.Map;

import io.github.migrationguard.RedactedFailure;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.ApplicationContextFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringApplicationRunListener;
import org.springframework.boot.SpringBootExceptionReporter;
import org.springframework.boot.bootstrap.ConfigurableBootstrapContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.core.io.support.SpringFactoriesLoader.ArgumentResolver;

/**
 * Makes an application a migration job: with {@code migration-guard.job.enabled=true} it
 * gets a context that migrates and exits.
 *
 * @author Migration Guard
 * @see MigrationJobContext
 */
class MigrationJobRunListener implements SpringApplicationRunListener, Ordered {

	private static final int FAILED = 1;

	private static final String ENABLED = "migration-guard.job.enabled";

	private static final String GUARD_ENABLED = "migration-guard.enabled";

	/**
	 * Where Spring Cloud prepares the environment in an application of its own.
	 */
	private static final String SPRING_CLOUD_BOOTSTRAP = "bootstrap";

	private static final Map<String, Object> PROPERTIES = Map.of("spring.main.web-application-type", "none");

	private static final Log logger = LogFactory.getLog(MigrationJobRunListener.class);

	private final SpringApplication application;

	private boolean job;

	MigrationJobRunListener(SpringApplication application) {
		this.application = application;
	}

	@Override
	public void environmentPrepared(ConfigurableBootstrapContext bootstrapContext,
			ConfigurableEnvironment environment) {
		if (!environment.getProperty(ENABLED, Boolean.class, false)
				|| environment.getPropertySources().contains(SPRING_CLOUD_BOOTSTRAP)) {
			return;
		}
		this.job = true;
		if (!environment.getProperty(GUARD_ENABLED, Boolean.class, true)) {
			throw new MigrationJobException("'%s' is true, but '%s' is false".formatted(ENABLED, GUARD_ENABLED));
		}
		environment.getPropertySources().addFirst(new MapPropertySource("migrationGuardJob", PROPERTIES));
		this.application.setApplicationContextFactory(ApplicationContextFactory.of(MigrationJobContext::new));
	}

	/**
	 * A job that failed exits, whatever the application does with the exception and
	 * whichever of its threads are alive.
	 */
	@Override
	public void failed(@Nullable ConfigurableApplicationContext context, Throwable exception) {
		if (this.job) {
			report(context, exception);
			System.exit(FAILED);
		}
	}

	private void report(@Nullable ConfigurableApplicationContext context, Throwable exception) {
		ArgumentResolver arguments = (context != null)
				? ArgumentResolver.of(ConfigurableApplicationContext.class, context) : ArgumentResolver.none();
		boolean reported = SpringFactoriesLoader.forDefaultResourceLocation(this.application.getClassLoader())
			.load(SpringBootExceptionReporter.class, arguments)
			.stream()
			.anyMatch((reporter) -> reporter.reportException(exception));
		if (!reported) {
			logger.error("The migration job failed", RedactedFailure.of(exception));
		}
	}

	/**
	 * The properties of the application have to be there before.
	 */
	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

}
