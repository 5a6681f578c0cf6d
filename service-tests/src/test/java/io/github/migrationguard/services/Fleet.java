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

package io.github.migrationguard.services;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import io.github.migrationguard.startup.StartupPlan;
import io.github.migrationguard.testsupport.TestDatabase;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.logging.LoggingApplicationListener;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Starts the replicas of a service at once, in this JVM, and stops them when all are up.
 *
 * @author Migration Guard
 */
final class Fleet {

	private final Framework framework;

	private final TestDatabase database;

	private final Map<String, Object> migrations;

	private final ClassLoader classLoader;

	Fleet(Framework framework, TestDatabase database, Map<String, Object> migrations, ClassLoader classLoader) {
		this.framework = framework;
		this.database = database;
		this.migrations = migrations;
		this.classLoader = classLoader;
	}

	/**
	 * Start one replica without Migration Guard.
	 * @return what it has seen
	 */
	Replica startStock() {
		return start(1, false).get(0);
	}

	/**
	 * Start replicas with Migration Guard.
	 * @param count how many
	 * @return what each has seen
	 */
	List<Replica> startGuarded(int count) {
		return start(count, true);
	}

	private List<Replica> start(int count, boolean guarded) {
		List<ConfigurableApplicationContext> contexts = new ArrayList<>();
		ExecutorService executor = Executors.newFixedThreadPool(count);
		try {
			List<CompletableFuture<ConfigurableApplicationContext>> starts = IntStream.range(0, count)
				.mapToObj((number) -> CompletableFuture.supplyAsync(() -> start(guarded), executor))
				.toList();
			CompletableFuture.allOf(starts.toArray(CompletableFuture[]::new)).handle((all, failure) -> {
				starts.stream()
					.filter((start) -> !start.isCompletedExceptionally())
					.forEach((start) -> contexts.add(start.join()));
				return all;
			}).join();
			return starts.stream().map(CompletableFuture::join).map(Fleet::describe).toList();
		}
		finally {
			contexts.forEach(ConfigurableApplicationContext::close);
			executor.shutdown();
			awaitEnd(executor);
		}
	}

	private static void awaitEnd(ExecutorService executor) {
		try {
			executor.awaitTermination(1, TimeUnit.MINUTES);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private ConfigurableApplicationContext start(boolean guarded) {
		Thread.currentThread().setContextClassLoader(this.classLoader);
		Map<String, Object> properties = new LinkedHashMap<>(this.migrations);
		properties.put(FrameworkFilter.PROPERTY, this.framework);
		properties.put("migration-guard.enabled", guarded);
		properties.put("spring.datasource.url", this.database.url());
		properties.put("spring.datasource.username", this.database.username());
		properties.put("spring.datasource.password", this.database.password());
		properties.put("spring.datasource.hikari.maximum-pool-size", 5);
		properties.put("spring.r2dbc.url", this.database.url().replace("jdbc:", "r2dbc:"));
		properties.put("spring.r2dbc.username", this.database.username());
		properties.put("spring.r2dbc.password", this.database.password());
		if (this.framework == Framework.R2DBC) {
			for (String tool : List.of("flyway", "liquibase")) {
				properties.put("spring.%s.url".formatted(tool), this.database.url());
				properties.put("spring.%s.user".formatted(tool), this.database.username());
				properties.put("spring.%s.password".formatted(tool), this.database.password());
			}
		}
		properties.put("spring.main.banner-mode", "off");
		properties.put("server.port", 0);
		this.framework.properties().forEach((property) -> {
			String[] parts = property.split("=", 2);
			properties.put(parts[0], parts[1]);
		});
		String[] arguments = properties.entrySet()
			.stream()
			.map((property) -> "--" + property.getKey() + "=" + property.getValue())
			.toArray(String[]::new);
		SpringApplication application = new SpringApplication(this.framework.application());
		application.setRegisterShutdownHook(false);
		application.setListeners(withoutLogging(application.getListeners()));
		return application.run(arguments);
	}

	/**
	 * Replicas of one JVM would configure its logging at the same time.
	 */
	private static List<ApplicationListener<?>> withoutLogging(Set<ApplicationListener<?>> listeners) {
		return listeners.stream().filter((listener) -> !(listener instanceof LoggingApplicationListener)).toList();
	}

	private static Replica describe(ConfigurableApplicationContext context) {
		return new Replica(context.getBean(Seen.class).all(),
				context.getBeanProvider(StartupPlan.class).stream().findFirst().map(Object::toString).orElse("stock"));
	}

	/**
	 * A replica that was up.
	 *
	 * @param seen what it has seen
	 * @param plan when its migrations have run
	 */
	record Replica(List<String> seen, String plan) {

	}

}
