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

import io.github.migrationguard.MigrationGuard;
import io.github.migrationguard.gate.MigrationGate;
import reactor.core.publisher.Mono;

import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;

/**
 * {@link WebFilter} that answers 503 until the {@link MigrationGate} is open, except for
 * {@link OpenPaths}.
 *
 * @author Migration Guard
 */
class GateWebFilter implements WebFilter, Ordered {

	private final MigrationGate gate;

	private final MigrationGuard guard;

	private final OpenPaths openPaths;

	GateWebFilter(MigrationGate gate, MigrationGuard guard, OpenPaths openPaths) {
		this.gate = gate;
		this.guard = guard;
		this.openPaths = openPaths;
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
		if (this.gate.isOpen() || isOpen(exchange)) {
			return chain.filter(exchange);
		}
		return hold(exchange.getResponse());
	}

	/**
	 * The server of a separate management port uses the filters of the application, too.
	 */
	private boolean isOpen(ServerWebExchange exchange) {
		return WebServerApplicationContext.hasServerNamespace(exchange.getApplicationContext(), "management")
				|| this.openPaths.contains(exchange.getRequest().getPath().pathWithinApplication().value());
	}

	private Mono<Void> hold(ServerHttpResponse response) {
		byte[] body = HeldRequest.by(this.guard).toJson();
		response.setStatusCode(HttpStatusCode.valueOf(HeldRequest.STATUS));
		HttpHeaders headers = response.getHeaders();
		headers.set(HttpHeaders.RETRY_AFTER, HeldRequest.RETRY_AFTER_SECONDS);
		headers.setCacheControl(HeldRequest.CACHE_CONTROL);
		headers.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
		headers.setContentLength(body.length);
		return response.writeWith(Mono.fromSupplier(() -> response.bufferFactory().wrap(body)));
	}

	@Override
	public int getOrder() {
		return GateOrder.VALUE;
	}

}
