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

import io.github.migrationguard.MigrationGuard;
import io.github.migrationguard.gate.MigrationGate;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

/**
 * {@link Filter} that answers 503 until the {@link MigrationGate} is open, except for
 * {@link OpenPaths}.
 *
 * @author Migration Guard
 */
class GateFilter implements Filter {

	private final MigrationGate gate;

	private final MigrationGuard guard;

	private final OpenPaths openPaths;

	GateFilter(MigrationGate gate, MigrationGuard guard, OpenPaths openPaths) {
		this.gate = gate;
		this.guard = guard;
		this.openPaths = openPaths;
	}

	@Override
	public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
			throws IOException, ServletException {
		if (this.gate.isOpen() || isOpen((HttpServletRequest) request)) {
			chain.doFilter(request, response);
		}
		else {
			hold((HttpServletResponse) response);
		}
	}

	/**
	 * The container finds the servlet by the normalized path, Spring MVC the handler by
	 * the raw one: with a path such as {@code /hello/../actuator/health} they differ, so
	 * both have to be open.
	 */
	private boolean isOpen(HttpServletRequest request) {
		String normalized = request.getServletPath();
		if (request.getPathInfo() != null) {
			normalized += request.getPathInfo();
		}
		return this.openPaths.contains(normalized) && this.openPaths.contains(rawPath(request));
	}

	private static String rawPath(HttpServletRequest request) {
		String uri = request.getRequestURI();
		String contextPath = request.getContextPath();
		return uri.startsWith(contextPath) ? uri.substring(contextPath.length()) : uri;
	}

	private void hold(HttpServletResponse response) throws IOException {
		byte[] body = HeldRequest.by(this.guard).toJson();
		response.setStatus(HeldRequest.STATUS);
		response.setHeader("Retry-After", HeldRequest.RETRY_AFTER_SECONDS);
		response.setHeader("Cache-Control", HeldRequest.CACHE_CONTROL);
		response.setContentType(HeldRequest.CONTENT_TYPE);
		response.setContentLength(body.length);
		response.getOutputStream().write(body);
	}

}
