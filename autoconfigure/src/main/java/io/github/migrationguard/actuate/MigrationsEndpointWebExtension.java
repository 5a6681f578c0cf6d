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

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;
import org.springframework.util.Assert;
import org.springframework.util.MimeType;
import org.springframework.util.MimeTypeUtils;

/**
 * {@link EndpointWebExtension @EndpointWebExtension} for the {@link MigrationsEndpoint}:
 * shows the statements of the migrations, and those of other sessions to whom may see
 * them.
 *
 * @author Migration Guard
 * @since 0.1.0
 */
@EndpointWebExtension(endpoint = MigrationsEndpoint.class)
public class MigrationsEndpointWebExtension {

	private static final MimeType HTML = new MimeType(MimeTypeUtils.TEXT_HTML, StandardCharsets.UTF_8);

	private final MigrationsEndpoint delegate;

	private final Show showValues;

	private final Set<String> roles;

	/**
	 * Create the extension.
	 * @param delegate the endpoint
	 * @param showValues when to show the statements of other sessions
	 * @param roles who is authorized to see them; everybody who is authenticated if empty
	 */
	public MigrationsEndpointWebExtension(MigrationsEndpoint delegate, Show showValues, Set<String> roles) {
		Assert.notNull(delegate, "'delegate' must not be null");
		Assert.notNull(showValues, "'showValues' must not be null");
		Assert.notNull(roles, "'roles' must not be null");
		this.delegate = delegate;
		this.showValues = showValues;
		this.roles = roles;
	}

	/**
	 * Describe all migrations.
	 * @param securityContext who asks
	 * @return the description
	 */
	@ReadOperation
	public MigrationsDescriptor migrations(SecurityContext securityContext) {
		return this.delegate.migrations(queries(securityContext));
	}

	/**
	 * Show all migrations to a browser.
	 * @param securityContext who asks
	 * @return the page
	 */
	@ReadOperation(produces = MimeTypeUtils.TEXT_HTML_VALUE)
	public WebEndpointResponse<String> page(SecurityContext securityContext) {
		MigrationsPage page = new MigrationsPage(this.delegate.migrations(queries(securityContext)), Instant.now());
		return new WebEndpointResponse<>(page.render(), WebEndpointResponse.STATUS_OK, HTML);
	}

	/**
	 * Describe one migration.
	 * @param securityContext who asks
	 * @param name the name of the migration's bean
	 * @return the description, or {@code null} if there is no such migration
	 */
	@ReadOperation
	public @Nullable MigrationDescriptor migration(SecurityContext securityContext, @Selector String name) {
		return this.delegate.migration(name, queries(securityContext));
	}

	private Queries queries(SecurityContext securityContext) {
		return this.showValues.isShown(securityContext, this.roles) ? Queries.ALL : Queries.GUARDED;
	}

}
