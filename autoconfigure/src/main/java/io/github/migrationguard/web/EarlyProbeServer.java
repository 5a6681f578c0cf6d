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

package io.github.migrationguard.web;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.migrationguard.MigrationGuard;
import io.github.migrationguard.autoconfigure.MigrationGuardProperties.EarlyProbeProperties.Enabled;
import io.github.migrationguard.gate.EarlyProbe;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.web.context.reactive.ReactiveWebApplicationContext;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * Answers liveness, readiness and the bare state of the migrations where the web server
 * will do so later, and leaves right before that is started. Everything else gets what
 * the gate answers. There is no authentication, so nothing but the state is told.
 *
 * @author Migration Guard
 */
class EarlyProbeServer implements EarlyProbe, SmartLifecycle, DisposableBean {

	static final String BEAN_NAME = "migrationEarlyProbe";

	private static final Log logger = LogFactory.getLog(EarlyProbeServer.class);

	private static final String[] SERVERS = { "webServerStartStop", "childManagementContextInitializer" };

	private final EarlyProbePaths paths;

	private final MigrationGuard guard;

	private final boolean wanted;

	private final boolean required;

	private final List<HttpServer> servers = new ArrayList<>();

	/**
	 * Without one, a client that does not finish its request would keep all others
	 * waiting.
	 */
	private @Nullable ExecutorService executor;

	private boolean over;

	/**
	 * Create a server that does not answer yet.
	 * @param applicationContext the context of the real web server
	 * @param guard the guard that knows the state
	 * @param enabled whether to answer
	 */
	EarlyProbeServer(ConfigurableApplicationContext applicationContext, MigrationGuard guard, Enabled enabled) {
		this.paths = new EarlyProbePaths(applicationContext.getEnvironment(),
				!(applicationContext instanceof ReactiveWebApplicationContext));
		this.guard = guard;
		this.wanted = enabled != Enabled.FALSE && applicationContext instanceof WebServerApplicationContext;
		this.required = enabled == Enabled.TRUE;
		for (String server : SERVERS) {
			applicationContext.getBeanFactory().registerDependentBean(BEAN_NAME, server);
		}
	}

	@Override
	public synchronized void open() {
		if (!this.wanted || this.over || !this.servers.isEmpty()) {
			return;
		}
		if (this.paths.addresses().isEmpty()) {
			unavailable("the port of the web server is not fixed, or it speaks TLS only");
			return;
		}
		this.executor = Executors.newCachedThreadPool(threadFactory());
		try {
			for (InetSocketAddress address : this.paths.addresses()) {
				HttpServer server = HttpServer.create(address, 0);
				server.createContext("/", this::answer);
				server.setExecutor(this.executor);
				this.servers.add(server);
				server.start();
				logger.info("Health probes are answered on port %s until the web server is started"
					.formatted(server.getAddress().getPort()));
			}
		}
		catch (IOException ex) {
			close();
			unavailable((ex instanceof BindException) ? "the port is in use" : String.valueOf(ex.getMessage()));
		}
	}

	private static ThreadFactory threadFactory() {
		CustomizableThreadFactory threadFactory = new CustomizableThreadFactory("migration-guard-probe-");
		threadFactory.setDaemon(true);
		return threadFactory;
	}

	private void unavailable(String reason) {
		String message = "Health probes cannot be answered while the migrations run before the web server is started: "
				+ reason;
		if (this.required) {
			logger.warn(message);
		}
		else {
			logger.info(message);
		}
	}

	private void answer(HttpExchange exchange) throws IOException {
		try (exchange) {
			EarlyAnswer answer = EarlyAnswer.to(this.paths.find(exchange.getRequestURI().getPath()), this.guard);
			exchange.getResponseHeaders().set("Content-Type", answer.contentType());
			exchange.getResponseHeaders().set("Cache-Control", HeldRequest.CACHE_CONTROL);
			if (answer.status() == HeldRequest.STATUS) {
				exchange.getResponseHeaders().set("Retry-After", HeldRequest.RETRY_AFTER_SECONDS);
			}
			boolean head = exchange.getRequestMethod().equals("HEAD");
			exchange.sendResponseHeaders(answer.status(), head ? -1 : answer.body().length);
			if (!head) {
				exchange.getResponseBody().write(answer.body());
			}
		}
	}

	/**
	 * Called right before the web server is started.
	 */
	@Override
	public void start() {
		close();
	}

	private synchronized void close() {
		this.over = true;
		this.servers.forEach((server) -> server.stop(0));
		this.servers.clear();
		if (this.executor != null) {
			this.executor.shutdownNow();
		}
	}

	@Override
	public void stop() {
	}

	@Override
	public boolean isRunning() {
		return this.over;
	}

	@Override
	public boolean isPauseable() {
		return false;
	}

	/**
	 * Stopped last: what depends on a lifecycle bean is stopped before it, and that is
	 * the web server, which has to shut down gracefully first.
	 */
	@Override
	public int getPhase() {
		return Integer.MIN_VALUE;
	}

	@Override
	public void destroy() {
		close();
	}

}
