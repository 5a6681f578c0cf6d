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
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.github.migrationguard.gate.MigrationStarter;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.util.StringUtils;

/**
 * An application in this JVM, with a real web server, whose migrations run until the test
 * lets them end.
 *
 * @author Migration Guard
 */
public final class HeldApplication implements AutoCloseable {

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private static final String MAIN = "server";

	/**
	 * Both Tomcat and Netty are on the class path of the tests.
	 */
	private static final String TOMCAT_EXCLUDE = "spring.autoconfigure.exclude="
			+ "org.springframework.boot.tomcat.autoconfigure.reactive.TomcatReactiveWebServerAutoConfiguration,"
			+ "org.springframework.boot.tomcat.autoconfigure.actuate.web.server.TomcatReactiveManagementContextAutoConfiguration";

	private final Map<String, Integer> ports = new ConcurrentHashMap<>();

	private final CompletableFuture<ConfigurableApplicationContext> context = new CompletableFuture<>();

	private volatile @Nullable ConfigurableApplicationContext starting;

	private volatile @Nullable HeldMigration migration;

	private HeldApplication(WebApplicationType type, Class<?> configuration, String... properties) {
		SpringApplication application = new SpringApplication(configuration, HeldConfiguration.class,
				NettyConfiguration.class);
		application.setWebApplicationType(type);
		application.setRegisterShutdownHook(false);
		application.addListeners(new ServerListener());
		Thread thread = new Thread(() -> run(application, arguments(properties)), "held-application");
		thread.setDaemon(true);
		thread.start();
		int servers = List.of(properties).contains("management.server.port=0") ? 2 : 1;
		Awaiting.await("server and migration")
			.until(() -> (this.ports.size() == servers && isMigrating()) || this.context.isDone());
		if (this.context.isCompletedExceptionally()) {
			this.context.join();
		}
	}

	/**
	 * Start a servlet application.
	 * @param configuration the application's configuration
	 * @param properties the application's properties, as in {@code name=value}
	 * @return the application, its server started and its migrations running
	 */
	public static HeldApplication servlet(Class<?> configuration, String... properties) {
		return new HeldApplication(WebApplicationType.SERVLET, configuration, properties);
	}

	/**
	 * Start a reactive application.
	 * @param configuration the application's configuration
	 * @param properties the application's properties, as in {@code name=value}
	 * @return the application, its server started and its migrations running
	 */
	public static HeldApplication reactive(Class<?> configuration, String... properties) {
		return new HeldApplication(WebApplicationType.REACTIVE, configuration,
				StringUtils.addStringToArray(properties, TOMCAT_EXCLUDE));
	}

	private boolean isMigrating() {
		HeldMigration migration = this.migration;
		return migration != null && migration.isRunning();
	}

	private static String[] arguments(String... properties) {
		List<String> arguments = new ArrayList<>();
		arguments.add("--server.port=0");
		arguments.add("--spring.main.banner-mode=off");
		for (String property : properties) {
			arguments.add("--" + property);
		}
		return arguments.toArray(String[]::new);
	}

	private void run(SpringApplication application, String... arguments) {
		try {
			this.context.complete(application.run(arguments));
		}
		catch (Throwable ex) {
			this.context.completeExceptionally(ex);
		}
	}

	/**
	 * Return the migration that holds this application.
	 * @return the migration
	 */
	public HeldMigration migration() {
		return Objects.requireNonNull(this.migration);
	}

	/**
	 * Let the migrations end and wait until the application has started.
	 * @return its context
	 */
	public ConfigurableApplicationContext release() {
		migration().release();
		return this.context.join();
	}

	/**
	 * Send a request to the application's own server.
	 * @param path the raw path
	 * @return the response
	 */
	public HttpResponse<String> get(String path) {
		return send(MAIN, path);
	}

	/**
	 * Send a request to the application's own server.
	 * @param path the raw path
	 * @param accept the media types that are accepted
	 * @return the response
	 */
	public HttpResponse<String> get(String path, String accept) {
		return send(MAIN, path, HttpHeaders.ACCEPT, accept);
	}

	/**
	 * Send a request to the server of a separate management port.
	 * @param path the raw path
	 * @return the response
	 */
	public HttpResponse<String> getFromManagementPort(String path) {
		return send("management", path);
	}

	/**
	 * Send a request to the server of a separate management port.
	 * @param path the raw path
	 * @param accept the media types that are accepted
	 * @return the response
	 */
	public HttpResponse<String> getFromManagementPort(String path, String accept) {
		return send("management", path, HttpHeaders.ACCEPT, accept);
	}

	/**
	 * Send a request without a body to the application's own server.
	 * @param method the method
	 * @param path the raw path
	 * @return the response
	 */
	public HttpResponse<String> request(String method, String path) {
		return send(MAIN, HttpRequest.newBuilder().method(method, BodyPublishers.noBody()), path);
	}

	private HttpResponse<String> send(String server, String path, String... headers) {
		HttpRequest.Builder request = HttpRequest.newBuilder();
		return send(server, (headers.length > 0) ? request.headers(headers) : request, path);
	}

	/**
	 * Each request has a connection of its own, like the probes of Kubernetes. On one
	 * that is kept alive, Reactor Netty 1.3.7 may never read a request that comes after
	 * one which was early.
	 * @see <a href="https://github.com/reactor/reactor-netty/issues/4361">Reactor Netty
	 * #4361</a>
	 */
	private HttpResponse<String> send(String server, HttpRequest.Builder request, String path) {
		HttpClient httpClient = HttpClient.newBuilder()
			.version(HttpClient.Version.HTTP_1_1)
			.connectTimeout(PATIENCE)
			.build();
		URI uri = URI.create("http://localhost:" + this.ports.get(server) + path);
		try {
			return httpClient.send(request.uri(uri).timeout(PATIENCE).build(), BodyHandlers.ofString());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * End the application, also if it waits for more than the end of its migration.
	 */
	@Override
	public void close() {
		migration().release();
		try {
			this.context.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).close();
		}
		catch (TimeoutException ex) {
			Objects.requireNonNull(this.starting).close();
			throw new IllegalStateException("The application did not start after its migration was released", ex);
		}
		catch (ExecutionException ex) {
			// It has failed, as the test wanted
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private final class ServerListener implements ApplicationListener<WebServerInitializedEvent> {

		@Override
		public void onApplicationEvent(WebServerInitializedEvent event) {
			WebServerApplicationContext context = event.getApplicationContext();
			String namespace = context.getServerNamespace();
			if (namespace == null) {
				HeldApplication.this.starting = (ConfigurableApplicationContext) context;
				HeldApplication.this.migration = context.getBean(HeldMigration.class);
			}
			HeldApplication.this.ports.put((namespace != null) ? namespace : MAIN, event.getWebServer().getPort());
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration(excludeName = { "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration",
			"org.springframework.boot.liquibase.autoconfigure.LiquibaseAutoConfiguration",
			"org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration" })
	static class HeldConfiguration {

		@Bean
		HeldMigration heldMigration(MigrationStarter starter) {
			HeldMigration migration = new HeldMigration();
			starter.initialized(migration);
			return migration;
		}

	}

	/**
	 * Several applications in one JVM, of which each ends its own threads only.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
	static class NettyConfiguration {

		@Bean
		ReactorResourceFactory reactorResourceFactory() {
			ReactorResourceFactory factory = new ReactorResourceFactory();
			factory.setUseGlobalResources(false);
			return factory;
		}

	}

}
