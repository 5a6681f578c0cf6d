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

package io.github.migrationguard.integration;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.migrationguard.actuate.MigrationsEndpoint;

import org.springframework.core.io.ClassPathResource;

/**
 * Serves the page of the endpoint as Actuator does, and the JSON that a test wants it to
 * show.
 *
 * @author Migration Guard
 */
final class PageServer implements AutoCloseable {

	private static final String PATH = "/shop/manage/migrations";

	private final HttpServer server;

	private volatile String json = "";

	private volatile int status = 200;

	PageServer() {
		try {
			this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.server.createContext(PATH, this::answer);
		this.server.start();
	}

	static String page() {
		try {
			return new ClassPathResource("page.html", MigrationsEndpoint.class)
				.getContentAsString(StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	String url() {
		return "http://localhost:%d%s".formatted(this.server.getAddress().getPort(), PATH);
	}

	/**
	 * Answer the next questions for JSON with this one.
	 * @param json the JSON
	 */
	void show(String json) {
		this.json = json;
		this.status = 200;
	}

	/**
	 * Refuse the next questions for JSON.
	 * @param status the status
	 */
	void refuse(int status) {
		this.status = status;
	}

	private void answer(HttpExchange exchange) throws IOException {
		String accept = exchange.getRequestHeaders().getFirst("Accept");
		if (accept.startsWith("text/html")) {
			send(exchange, 200, "text/html;charset=UTF-8", page());
			return;
		}
		send(exchange, this.status, accept, this.json);
	}

	private static void send(HttpExchange exchange, int status, String type, String body) throws IOException {
		byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
		exchange.getResponseHeaders().set("Content-Type", type);
		exchange.sendResponseHeaders(status, bytes.length);
		try (exchange) {
			exchange.getResponseBody().write(bytes);
		}
	}

	@Override
	public void close() {
		this.server.stop(0);
	}

}
