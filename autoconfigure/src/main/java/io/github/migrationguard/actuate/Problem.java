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

package io.github.migrationguard.actuate;

import java.util.LinkedHashMap;
import java.util.Map;

import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.util.MimeType;

/**
 * Why a request is not fulfilled, as a problem detail.
 *
 * @author Migration Guard
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9457">RFC 9457</a>
 */
enum Problem {

	FORBIDDEN(403, "Forbidden"),

	NOT_FOUND(404, "Not Found"),

	CONFLICT(409, "Conflict"),

	UNAVAILABLE(503, "Service Unavailable");

	private static final MimeType PROBLEM = new MimeType("application", "problem+json");

	private final int status;

	private final String title;

	Problem(int status, String title) {
		this.status = status;
		this.title = title;
	}

	WebEndpointResponse<Object> response(String detail) {
		Map<String, Object> body = new LinkedHashMap<>();
		body.put("type", "about:blank");
		body.put("title", this.title);
		body.put("status", this.status);
		body.put("detail", detail);
		return new WebEndpointResponse<>(body, this.status, PROBLEM);
	}

}
