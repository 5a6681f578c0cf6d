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

package io.github.migrationguard.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.migrationguard.MigrationRole;
import io.github.migrationguard.SchemaAhead;
import io.github.migrationguard.gate.OnFailure;
import io.github.migrationguard.startup.StartupMode;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/**
 * {@link ConfigurationProperties Configuration properties} of Migration Guard.
 *
 * @author Migration Guard
 * @since 0.1.0
 */
@ConfigurationProperties("migration-guard")
public class MigrationGuardProperties {

	private static final Duration MAX_DURATION = Duration.ofDays(365);

	/**
	 * Whether to guard the migrations.
	 */
	private boolean enabled = true;

	/**
	 * Name of this instance in the database, the status and the logs. By default the name
	 * of the application and the name of the host.
	 */
	private @Nullable String instanceId;

	/**
	 * What to do with the application if a migration fails.
	 */
	private OnFailure onFailure = OnFailure.EXIT;

	/**
	 * What this instance does about its migrations.
	 */
	private MigrationRole role = MigrationRole.MIGRATE;

	/**
	 * What to do if the history holds units that this version does not know, because a
	 * newer version has migrated the database.
	 */
	private SchemaAhead schemaAhead = SchemaAhead.WARN;

	private final DatabaseProperties database = new DatabaseProperties();

	private final JobProperties job = new JobProperties();

	private final LockProperties lock = new LockProperties();

	private final SessionProperties session = new SessionProperties();

	private final ShutdownProperties shutdown = new ShutdownProperties();

	private final StartupProperties startup = new StartupProperties();

	public boolean isEnabled() {
		return this.enabled;
	}

	public void setEnabled(boolean enabled) {
		this.enabled = enabled;
	}

	public @Nullable String getInstanceId() {
		return this.instanceId;
	}

	public void setInstanceId(@Nullable String instanceId) {
		this.instanceId = instanceId;
	}

	public OnFailure getOnFailure() {
		return this.onFailure;
	}

	public void setOnFailure(OnFailure onFailure) {
		this.onFailure = onFailure;
	}

	public MigrationRole getRole() {
		return this.role;
	}

	public void setRole(MigrationRole role) {
		this.role = role;
	}

	public SchemaAhead getSchemaAhead() {
		return this.schemaAhead;
	}

	public void setSchemaAhead(SchemaAhead schemaAhead) {
		this.schemaAhead = schemaAhead;
	}

	public DatabaseProperties getDatabase() {
		return this.database;
	}

	public JobProperties getJob() {
		return this.job;
	}

	public LockProperties getLock() {
		return this.lock;
	}

	public SessionProperties getSession() {
		return this.session;
	}

	public ShutdownProperties getShutdown() {
		return this.shutdown;
	}

	public StartupProperties getStartup() {
		return this.startup;
	}

	/**
	 * Refuse values that make no sense.
	 * @throws InvalidConfigurationPropertyValueException naming the property, its value
	 * and what is allowed
	 */
	void validate() {
		check("migration-guard.lock.wait-timeout", this.lock.waitTimeout,
				isDuration(this.lock.waitTimeout) && !this.lock.waitTimeout.isZero(),
				"It has to be a positive duration of up to 365d, for example 30m.");
		check("migration-guard.database.wait-timeout", this.database.waitTimeout, isDuration(this.database.waitTimeout),
				"It has to be a duration of zero up to 365d, for example 2m.");
		check("migration-guard.shutdown.grace", this.shutdown.grace, isDuration(this.shutdown.grace),
				"It has to be a duration of zero up to 365d, for example 20s.");
		check("migration-guard.lock.name", this.lock.name, this.lock.name == null || !this.lock.name.isBlank(),
				"It has to be a name, or absent so that each history table has its own lock.");
		check("migration-guard.instance-id", this.instanceId, this.instanceId == null || !this.instanceId.isBlank(),
				"It has to be a name, or absent to be made of the names of application and host.");
		this.session.settings.forEach((name, value) -> check("migration-guard.session.settings." + name, value,
				!"lock_timeout".equalsIgnoreCase(name),
				"A lock timeout of the whole session corrupts the history: a change set may be skipped or recorded"
						+ " as run when it meets a lock."));
	}

	private static boolean isDuration(Duration duration) {
		return !duration.isNegative() && duration.compareTo(MAX_DURATION) <= 0;
	}

	private static void check(String name, @Nullable Object value, boolean valid, String reason) {
		if (!valid) {
			throw new InvalidConfigurationPropertyValueException(name, value, reason);
		}
	}

	/**
	 * Properties of the database.
	 */
	public static class DatabaseProperties {

		/**
		 * How long to wait for a database that is not up yet or has no connection slot
		 * left.
		 */
		private Duration waitTimeout = Duration.ofMinutes(2);

		public Duration getWaitTimeout() {
			return this.waitTimeout;
		}

		public void setWaitTimeout(Duration waitTimeout) {
			this.waitTimeout = waitTimeout;
		}

	}

	/**
	 * Properties of the migration job.
	 */
	public static class JobProperties {

		/**
		 * Whether the application only migrates and then exits, without creating any bean
		 * that is not needed for that.
		 */
		private boolean enabled;

		public boolean isEnabled() {
			return this.enabled;
		}

		public void setEnabled(boolean enabled) {
			this.enabled = enabled;
		}

	}

	/**
	 * Properties of the lock.
	 */
	public static class LockProperties {

		/**
		 * Name of the lock, to be shared by everything that must not migrate one database
		 * at once. By default each history table has a lock of its own.
		 */
		private @Nullable String name;

		/**
		 * How long to wait for the lock without any sign of life of its holder. A holder
		 * that works or is blocked itself is alive.
		 */
		private Duration waitTimeout = Duration.ofMinutes(30);

		public @Nullable String getName() {
			return this.name;
		}

		public void setName(@Nullable String name) {
			this.name = name;
		}

		public Duration getWaitTimeout() {
			return this.waitTimeout;
		}

		public void setWaitTimeout(Duration waitTimeout) {
			this.waitTimeout = waitTimeout;
		}

	}

	/**
	 * Properties of the session that migrates.
	 */
	public static class SessionProperties {

		/**
		 * Settings of the server for the session that migrates, by their PostgreSQL
		 * names.
		 */
		private Map<String, String> settings = new LinkedHashMap<>();

		public Map<String, String> getSettings() {
			return this.settings;
		}

		public void setSettings(Map<String, String> settings) {
			this.settings = settings;
		}

	}

	/**
	 * Properties of the shutdown.
	 */
	public static class ShutdownProperties {

		/**
		 * How long a running migration may go on when the application is stopped, before
		 * it is cancelled in the server and rolled back.
		 */
		private Duration grace = Duration.ofSeconds(20);

		public Duration getGrace() {
			return this.grace;
		}

		public void setGrace(Duration grace) {
			this.grace = grace;
		}

	}

	/**
	 * Properties of the start.
	 */
	public static class StartupProperties {

		/**
		 * When the migrations run during the start of the application.
		 */
		private StartupMode mode = StartupMode.AUTO;

		/**
		 * Names of beans that read the schema while they are created. They are created
		 * after the migrations then.
		 */
		private List<String> schemaReaders = new ArrayList<>();

		/**
		 * Whether a validation of the schema by Hibernate (ddl-auto=validate) is put off
		 * until the migrations are done, instead of running them while beans are created.
		 */
		private boolean deferSchemaValidation = true;

		private final EarlyProbeProperties earlyProbe = new EarlyProbeProperties();

		public StartupMode getMode() {
			return this.mode;
		}

		public void setMode(StartupMode mode) {
			this.mode = mode;
		}

		public List<String> getSchemaReaders() {
			return this.schemaReaders;
		}

		public void setSchemaReaders(List<String> schemaReaders) {
			this.schemaReaders = schemaReaders;
		}

		public boolean isDeferSchemaValidation() {
			return this.deferSchemaValidation;
		}

		public void setDeferSchemaValidation(boolean deferSchemaValidation) {
			this.deferSchemaValidation = deferSchemaValidation;
		}

		public EarlyProbeProperties getEarlyProbe() {
			return this.earlyProbe;
		}

	}

	/**
	 * Properties of what answers probes before there is a web server.
	 */
	public static class EarlyProbeProperties {

		/**
		 * Whether to answer health probes while migrations run before the web server is
		 * started. By default where that is possible: a web application with a fixed port
		 * and without TLS.
		 */
		private Enabled enabled = Enabled.AUTO;

		public Enabled getEnabled() {
			return this.enabled;
		}

		public void setEnabled(Enabled enabled) {
			this.enabled = enabled;
		}

		/**
		 * Whether to answer.
		 */
		public enum Enabled {

			/**
			 * Where that is possible.
			 */
			AUTO,

			/**
			 * Always, with a warning where it is not possible.
			 */
			TRUE,

			/**
			 * Never.
			 */
			FALSE

		}

	}

}
