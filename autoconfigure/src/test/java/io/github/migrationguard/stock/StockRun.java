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

package io.github.migrationguard.stock;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

import io.github.migrationguard.testsupport.Awaiting;
import io.github.migrationguard.testsupport.TestDatabase;
import org.awaitility.core.ConditionTimeoutException;

import org.springframework.boot.Banner;
import org.springframework.boot.ExitCodeEvent;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.logging.LoggingApplicationListener;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.FullyQualifiedAnnotationBeanNameGenerator;
import org.springframework.core.io.DefaultResourceLoader;

/**
 * The starts of a service, with Migration Guard or without it, on databases of its own.
 *
 * @author Migration Guard
 */
final class StockRun {

	private static final Duration LIMIT = Duration.ofSeconds(50);

	private final StockInput input;

	private final boolean guarded;

	private final TestDatabase database;

	private final Map<String, TestDatabase> others;

	private final Outcome outcome = new Outcome();

	private StockRun(StockInput input, boolean guarded, TestDatabase database, Map<String, TestDatabase> others) {
		this.input = input;
		this.guarded = guarded;
		this.database = database;
		this.others = others;
	}

	/**
	 * Run an input.
	 * @param input the input
	 * @param guarded whether with Migration Guard
	 * @param database its database
	 * @param others its other databases, by their names in the input
	 * @return how it has ended
	 */
	static Outcome run(StockInput input, boolean guarded, TestDatabase database, Map<String, TestDatabase> others) {
		return new StockRun(input, guarded, database, others).run();
	}

	private Outcome run() {
		List<List<Path>> starts = this.input.starts();
		for (int i = 0; i < starts.size(); i++) {
			if (starts.size() > 1) {
				StockInput.text(starts.get(i).subList(0, 1), "before.sql").ifPresent(this::execute);
			}
			start((starts.size() > 1) ? "start %d ".formatted(i + 1) : "", starts.get(i));
		}
		Snapshot.take(this.database, "", this.outcome);
		this.others.forEach((name, other) -> Snapshot.take(other, name + " ", this.outcome));
		return this.outcome;
	}

	private void execute(String sql) {
		try (Connection connection = this.database.connect(); Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private void start(String prefix, List<Path> parts) {
		try (URLClassLoader classLoader = StockSources.classLoader(parts)) {
			Calls.begin(this.input.comparesThreads(), classLoader);
			Optional<Blocker> blocker = this.input.text("during.sql").map((sql) -> Blocker.start(this.database, sql));
			Thread thread = new Thread(() -> start(prefix, parts, classLoader), "starter");
			thread.setContextClassLoader(classLoader);
			thread.start();
			awaitEnd(prefix, thread);
			blocker.ifPresent(Blocker::close);
			this.outcome.add(prefix + "calls", neutral(Calls.end()));
			this.outcome.add(prefix + "left behind", leftBehind());
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private void awaitEnd(String prefix, Thread thread) {
		try {
			Awaiting.await("the end of the start").atMost(LIMIT).until(() -> !thread.isAlive());
		}
		catch (ConditionTimeoutException ex) {
			this.outcome.add(prefix + "start", List.of("does not end"));
			thread.interrupt();
			this.database.superuser().sql("""
					select pg_terminate_backend(pid) from pg_stat_activity
					where datname = current_database() and application_name <> 'test'""").query(Boolean.class).list();
			Awaiting.await("the end of the start").until(() -> !thread.isAlive());
		}
	}

	private void start(String prefix, List<Path> parts, ClassLoader classLoader) {
		Calls.CALLER.set("starter");
		int[] exitCode = { 1 };
		try {
			SpringApplicationBuilder builder = builder(parts, classLoader);
			builder.listeners((ApplicationListener<ExitCodeEvent>) (event) -> exitCode[0] = event.getExitCode());
			ConfigurableApplicationContext context = builder.run(arguments());
			this.outcome.add(prefix + "start", List.of("started", "readiness " + readiness(context)));
			this.outcome.add(prefix + "while up", openTransactions());
			exitCode[0] = SpringApplication.exit(context);
			if (context.getParent() instanceof ConfigurableApplicationContext parent) {
				parent.close();
			}
		}
		catch (Throwable ex) {
			this.outcome.add(prefix + "start", neutral(describe(ex)));
		}
		this.outcome.add(prefix + "exit code", List.of(Integer.toString(exitCode[0])));
	}

	/**
	 * The classes that belong to a parent context are those without auto-configuration.
	 */
	private SpringApplicationBuilder builder(List<Path> parts, ClassLoader classLoader) {
		List<String> namesOfParent = this.input.list("stock.parent");
		List<Class<?>> sources = new ArrayList<>(StockSources.components(parts, classLoader));
		List<Class<?>> sourcesOfParent = sources.stream()
			.filter((source) -> namesOfParent.contains(source.getName()))
			.toList();
		sources.removeAll(sourcesOfParent);
		sources.add(0, StockApplication.class);
		SpringApplicationBuilder builder = builderOf(sources, classLoader);
		return sourcesOfParent.isEmpty() ? builder
				: builder.parent(builderOf(sourcesOfParent, classLoader).web(WebApplicationType.NONE).run(arguments()));
	}

	private SpringApplicationBuilder builderOf(List<Class<?>> sources, ClassLoader classLoader) {
		SpringApplicationBuilder builder = new SpringApplicationBuilder(new DefaultResourceLoader(classLoader),
				sources.toArray(Class<?>[]::new));
		customize(builder.application());
		return builder;
	}

	private void customize(SpringApplication application) {
		application.setListeners(application.getListeners()
			.stream()
			.filter((listener) -> !(listener instanceof LoggingApplicationListener))
			.toList());
		application.setBeanNameGenerator(FullyQualifiedAnnotationBeanNameGenerator.INSTANCE);
		application.setBannerMode(Banner.Mode.OFF);
		application.setRegisterShutdownHook(false);
		application.setLogStartupInfo(false);
		application.setDefaultProperties(defaults());
	}

	private String[] arguments() {
		return this.guarded ? new String[0] : new String[] { "--migration-guard.enabled=false" };
	}

	private Map<String, Object> defaults() {
		Map<String, Object> properties = new TreeMap<>();
		properties.put("stock.url", this.database.url());
		properties.put("stock.username", this.database.username());
		properties.put("stock.password", this.database.password());
		this.others.forEach((name, other) -> properties.put("stock.url." + name, other.url()));
		properties.put("spring.datasource.url", "${stock.url}");
		properties.put("spring.datasource.username", "${stock.username}");
		properties.put("spring.datasource.password", "${stock.password}");
		properties.put("spring.datasource.hikari.maximum-pool-size", "10");
		properties.put("spring.datasource.hikari.minimum-idle", "1");
		properties.put("spring.liquibase.enabled", this.input.has("db/changelog"));
		properties.put("spring.flyway.enabled", this.input.has("db/migration"));
		properties.put("server.port", "0");
		return properties;
	}

	private static String readiness(ConfigurableApplicationContext context) throws IOException {
		String port = context.getEnvironment().getProperty("local.server.port");
		if (port == null) {
			return "without a server";
		}
		HttpURLConnection connection = (HttpURLConnection) URI
			.create("http://localhost:%s/actuator/health/readiness".formatted(port))
			.toURL()
			.openConnection();
		try {
			return Integer.toString(connection.getResponseCode());
		}
		finally {
			connection.disconnect();
		}
	}

	private List<String> openTransactions() {
		return this.database.poller().sql("""
				select state || ': ' || query from pg_stat_activity
				where datname = current_database() and state like 'idle in transaction%'
				and application_name not in ('test', 'blocker') order by 1""").query(String.class).list();
	}

	private List<String> leftBehind() {
		try {
			Awaiting.await("the end of all sessions").atMost(Duration.ofSeconds(10)).until(() -> sessions().isEmpty());
			return this.database.advisoryLocks();
		}
		catch (ConditionTimeoutException ex) {
			return sessions();
		}
	}

	private List<String> sessions() {
		return this.database.poller().sql("""
				select format('session %s: %s', state, query) from pg_stat_activity
				where datname = current_database() and backend_type = 'client backend' and application_name <> 'test'
				order by 1""").query(String.class).list();
	}

	private List<String> describe(Throwable failure) {
		List<Throwable> causes = Stream.iterate(failure, Objects::nonNull, Throwable::getCause).toList();
		List<String> lines = new ArrayList<>();
		lines.add("failed");
		causes.stream()
			.filter((cause) -> cause.getClass().getName().matches("(liquibase|org\\.flywaydb)\\..*"))
			.reduce((outer, inner) -> inner)
			.ifPresent((cause) -> lines.add("tool: " + line(cause)));
		lines.add("cause: " + line(causes.get(causes.size() - 1)));
		return lines;
	}

	private static String line(Throwable failure) {
		String state = (failure instanceof SQLException ex) ? " " + ex.getSQLState() : "";
		return failure.getClass().getName() + state + ": "
				+ String.valueOf(failure.getMessage())
					.lines()
					.findFirst()
					.orElse("")
					.replaceAll("HikariPool-\\d+", "HikariPool")
					.replaceAll("\\d+ms", "some time");
	}

	private List<String> neutral(List<String> lines) {
		return lines.stream().map((line) -> Snapshot.neutral(line, this.database)).toList();
	}

}
