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

import reactor.core.publisher.Mono;

import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;

/**
 * Sends the policy of the {@link MigrationsPage} as a header.
 *
 * @author Migration Guard
 */
class PagePolicyWebFilter implements WebFilter {

	private final PagePath path;

	PagePolicyWebFilter(PagePath path) {
		this.path = path;
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
		if (this.path.isEndOf(exchange.getRequest().getPath().value())) {
			exchange.getResponse().getHeaders().set(PageStyle.POLICY_HEADER, PageStyle.POLICY_WITH_FRAMES);
		}
		return chain.filter(exchange);
	}

}
