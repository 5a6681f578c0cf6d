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
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;

import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;

/**
 * Asks an application on this machine.
 *
 * @author Migration Guard
 */
final class Http {

	private final HttpClient client = HttpClient.newHttpClient();

	private final int port;

	private final HttpHeaders headers;

	Http(int port) {
		this(port, HttpHeaders.EMPTY);
	}

	private Http(int port, HttpHeaders headers) {
		this.port = port;
		this.headers = headers;
	}

	/**
	 * Ask as somebody.
	 * @param user the name
	 * @param password the password
	 * @return the one who asks
	 */
	Http as(String user, String password) {
		HttpHeaders headers = new HttpHeaders();
		headers.setBasicAuth(user, password);
		return new Http(this.port, headers);
	}

	static int freePort() {
		try (ServerSocket socket = new ServerSocket(0)) {
			return socket.getLocalPort();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	boolean isReachable() {
		try (Socket socket = new Socket("localhost", this.port)) {
			return socket.isConnected();
		}
		catch (IOException ex) {
			return false;
		}
	}

	int status(String path) {
		return get(path).statusCode();
	}

	String body(String path) {
		return get(path).body();
	}

	/**
	 * Ask as a browser does.
	 * @param path the path
	 * @return the page
	 */
	String page(String path) {
		HttpHeaders headers = new HttpHeaders();
		headers.putAll(this.headers);
		headers.setAccept(List.of(MediaType.TEXT_HTML));
		return new Http(this.port, headers).body(path);
	}

	/**
	 * Send a request without a body.
	 * @param method the method
	 * @param path the path
	 * @return the status of the response
	 */
	int status(String method, String path) {
		return send(method, path).statusCode();
	}

	private HttpResponse<String> get(String path) {
		return send("GET", path);
	}

	private HttpResponse<String> send(String method, String path) {
		try {
			HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + this.port + path))
				.method(method, BodyPublishers.noBody())
				.timeout(Duration.ofSeconds(20));
			this.headers.forEach((name, values) -> values.forEach((value) -> request.header(name, value)));
			return this.client.send(request.build(), BodyHandlers.ofString());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

}
