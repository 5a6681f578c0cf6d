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
import java.security.Principal;
import java.util.Set;

import io.github.migrationguard.BlockerRemoval;
import io.github.migrationguard.MigrationGuard.GuardedMigration;
import io.github.migrationguard.MigrationState;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;
import org.springframework.util.Assert;
import org.springframework.util.MimeType;
import org.springframework.util.MimeTypeUtils;
import org.springframework.util.function.SingletonSupplier;

/**
 * {@link EndpointWebExtension @EndpointWebExtension} for the {@link MigrationsEndpoint}:
 * shows the statements of the migrations, and those of other sessions to whom may see
 * them. With unrestricted access, it also ends what is in the way and tries a failed
 * migration again.
 *
 * @author Migration Guard
 * @since 0.1.0
 */
@EndpointWebExtension(endpoint = MigrationsEndpoint.class)
public class MigrationsEndpointWebExtension {

	private static final int ACCEPTED = 202;

	private static final String UNKNOWN = "There is no migration '%s'";

	private static final String NOT_ON_REQUEST = "No session is ended on request, unless"
			+ " migration-guard.blockers.end-on-request is true";

	private static final MimeType HTML = new MimeType(MimeTypeUtils.TEXT_HTML, StandardCharsets.UTF_8);

	private final SingletonSupplier<MigrationsPage> page = SingletonSupplier.of(MigrationsPage::new);

	private final MigrationsEndpoint delegate;

	private final Show showValues;

	private final Set<String> roles;

	private final boolean endOnRequest;

	/**
	 * Create the extension.
	 * @param delegate the endpoint
	 * @param showValues when to show the statements of other sessions
	 * @param roles who is authorized to see them; everybody who is authenticated if empty
	 * @param endOnRequest whether a request may end a session
	 */
	public MigrationsEndpointWebExtension(MigrationsEndpoint delegate, Show showValues, Set<String> roles,
			boolean endOnRequest) {
		Assert.notNull(delegate, "'delegate' must not be null");
		Assert.notNull(showValues, "'showValues' must not be null");
		Assert.notNull(roles, "'roles' must not be null");
		this.delegate = delegate;
		this.showValues = showValues;
		this.roles = roles;
		this.endOnRequest = endOnRequest;
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
	 * Return the page that shows all migrations in a browser. It is the same for
	 * everybody, and asks for the description on behalf of whoever looks at it.
	 * @return the page
	 */
	@ReadOperation(produces = MimeTypeUtils.TEXT_HTML_VALUE)
	public WebEndpointResponse<String> page() {
		return new WebEndpointResponse<>(this.page.obtain().toString(), WebEndpointResponse.STATUS_OK, HTML);
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

	/**
	 * Try again all migrations that are not done, if the application stays up after a
	 * failure.
	 * @param name the name of a migration that has failed
	 * @return its description, or why it is not tried again
	 */
	@WriteOperation
	public WebEndpointResponse<Object> retry(@Selector String name) {
		GuardedMigration migration = this.delegate.find(name);
		if (migration == null) {
			return Problem.NOT_FOUND.response(UNKNOWN.formatted(name));
		}
		MigrationState state = migration.getStatus().state();
		if (state != MigrationState.FAILED) {
			return Problem.CONFLICT
				.response("The migration '%s' is %s. Only one that has failed is tried again".formatted(name, state));
		}
		if (!this.delegate.retry()) {
			return Problem.CONFLICT.response("The application does not wait for a retry: it is stopping, or has begun"
					+ " one, or migration-guard.on-failure is not stay-up");
		}
		return new WebEndpointResponse<>(this.delegate.migration(name, Queries.GUARDED), ACCEPTED);
	}

	/**
	 * End a session that is in the way of a migration at this moment.
	 * @param securityContext who asks
	 * @param name the name of the migration
	 * @param pid the process id of the session
	 * @return nothing, or why it was not ended
	 */
	@DeleteOperation
	public WebEndpointResponse<Object> end(SecurityContext securityContext, @Selector String name, @Selector int pid) {
		if (!this.endOnRequest) {
			return Problem.FORBIDDEN.response(NOT_ON_REQUEST);
		}
		GuardedMigration migration = this.delegate.find(name);
		if (migration == null) {
			return Problem.NOT_FOUND.response(UNKNOWN.formatted(name));
		}
		Principal principal = securityContext.getPrincipal();
		BlockerRemoval.Result result = new BlockerRemoval(migration).remove(pid,
				(principal != null) ? principal.getName() : "anonymous");
		return switch (result.outcome()) {
			case ENDED -> new WebEndpointResponse<>(WebEndpointResponse.STATUS_NO_CONTENT);
			case NOT_IN_THE_WAY -> Problem.NOT_FOUND
				.response("The session %s is not in the way of the migration '%s' at this moment".formatted(pid, name));
			case REFUSED -> Problem.FORBIDDEN.response(String.valueOf(result.reason()));
			case UNAVAILABLE ->
				Problem.UNAVAILABLE.response("The database cannot be asked: %s".formatted(result.reason()));
		};
	}

	private Queries queries(SecurityContext securityContext) {
		return this.showValues.isShown(securityContext, this.roles) ? Queries.ALL : Queries.GUARDED;
	}

}
