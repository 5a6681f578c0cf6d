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
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.migrationguard.MigrationRole;
import io.github.migrationguard.SchemaAhead;
import io.github.migrationguard.ddl.RepairInvalidIndexes;
import io.github.migrationguard.gate.OnFailure;
import io.github.migrationguard.startup.StartupMode;
import io.github.migrationguard.watch.BlockerKind;
import io.github.migrationguard.watch.BlockerPolicy;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.DeprecatedConfigurationProperty;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.convert.DurationStyle;

/**
 * {@link ConfigurationProperties Configuration properties} of Migration Guard.
 *
 * @author Migration Guard
 * @since 0.1.0
 */
@ConfigurationProperties("migration-guard")
public class MigrationGuardProperties {

	private static final Duration MAX_DURATION = Duration.ofDays(365);

	private static final Duration MIN_TIMEOUT = Duration.ofMillis(100);

	private static final Duration MAX_DDL_TIMEOUT = Duration.ofHours(1);

	private static final Set<BlockerKind> NOT_ENDED = EnumSet.of(BlockerKind.PREPARED_TRANSACTION,
			BlockerKind.SYNC_REPLICATION);

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

	private final BlockersProperties blockers = new BlockersProperties();

	private final DatabaseProperties database = new DatabaseProperties();

	private final DdlProperties ddl = new DdlProperties();

	private final JobProperties job = new JobProperties();

	private final LockProperties lock = new LockProperties();

	private final SessionProperties session = new SessionProperties();

	private final ShutdownProperties shutdown = new ShutdownProperties();

	private final StartupProperties startup = new StartupProperties();

	private final WatchProperties watch = new WatchProperties();

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

	public BlockersProperties getBlockers() {
		return this.blockers;
	}

	public DatabaseProperties getDatabase() {
		return this.database;
	}

	public DdlProperties getDdl() {
		return this.ddl;
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

	public WatchProperties getWatch() {
		return this.watch;
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
		checkRange("migration-guard.ddl.lock-timeout", this.ddl.lockTimeout, MIN_TIMEOUT, MAX_DDL_TIMEOUT, "2s");
		checkRange("migration-guard.ddl.max-stall", this.ddl.maxStall, MIN_TIMEOUT, MAX_DDL_TIMEOUT, "500ms");
		checkRange("migration-guard.watch.interval", this.watch.interval, MIN_TIMEOUT, Duration.ofSeconds(10), "500ms");
		check("migration-guard.ddl.retry.max-duration", this.ddl.retry.maxDuration,
				isDuration(this.ddl.retry.maxDuration), "It has to be a duration of zero up to 365d, for example 15m.");
		check("migration-guard.blockers.patience", this.blockers.patience, isDuration(this.blockers.patience),
				"It has to be a duration of zero up to 365d, for example 30s.");
		check("migration-guard.blockers.kinds", this.blockers.kinds,
				Collections.disjoint(this.blockers.kinds, NOT_ENDED),
				"A prepared transaction and a commit that waits for a standby have no session that could be ended.");
		this.session.settings.forEach((name, value) -> check("migration-guard.session.settings." + name, value,
				!"lock_timeout".equalsIgnoreCase(name),
				"A lock timeout of the whole session corrupts the history: a change set may be skipped or recorded"
						+ " as run when it meets a lock."));
	}

	private static void checkRange(String name, Duration value, Duration min, Duration max, String example) {
		check(name, value, value.compareTo(min) >= 0 && value.compareTo(max) <= 0,
				"It has to be a duration of %s up to %s, for example %s.".formatted(
						DurationStyle.SIMPLE.print(min, ChronoUnit.MILLIS),
						DurationStyle.SIMPLE.print(max, ChronoUnit.MILLIS), example));
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
	 * Properties of the sessions that are in the way.
	 */
	public static class BlockersProperties {

		/**
		 * What to do with a session that is in the way of a migration for longer than the
		 * patience.
		 */
		private BlockerPolicy policy = BlockerPolicy.OBSERVE;

		/**
		 * How long a session may be in the way before the policy is applied to it.
		 */
		private Duration patience = Duration.ofSeconds(30);

		/**
		 * Kinds of blockers that the policy is applied to.
		 */
		private Set<BlockerKind> kinds = EnumSet.of(BlockerKind.IDLE_IN_TRANSACTION);

		/**
		 * Whether the policy is applied to sessions of superusers as well.
		 */
		private boolean includeSuperusers;

		/**
		 * Whether a session that is in the way may be ended by a request to the endpoint,
		 * which needs unrestricted access.
		 */
		private boolean endOnRequest;

		public BlockerPolicy getPolicy() {
			return this.policy;
		}

		public void setPolicy(BlockerPolicy policy) {
			this.policy = policy;
		}

		public Duration getPatience() {
			return this.patience;
		}

		public void setPatience(Duration patience) {
			this.patience = patience;
		}

		public Set<BlockerKind> getKinds() {
			return this.kinds;
		}

		public void setKinds(Set<BlockerKind> kinds) {
			this.kinds = kinds;
		}

		public boolean isIncludeSuperusers() {
			return this.includeSuperusers;
		}

		public void setIncludeSuperusers(boolean includeSuperusers) {
			this.includeSuperusers = includeSuperusers;
		}

		public boolean isEndOnRequest() {
			return this.endOnRequest;
		}

		public void setEndOnRequest(boolean endOnRequest) {
			this.endOnRequest = endOnRequest;
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
	 * Properties of the statements of migrations.
	 */
	public static class DdlProperties {

		/**
		 * How long a statement of a migration may wait for a lock before it is tried
		 * again later.
		 */
		private Duration lockTimeout = Duration.ofSeconds(2);

		/**
		 * How long other sessions may queue behind a statement of a migration that waits
		 * for a lock, before it is cancelled and tried again later.
		 */
		private Duration maxStall = Duration.ofMillis(500);

		/**
		 * Which invalid indexes are dropped and built again.
		 */
		private RepairInvalidIndexes repairInvalidIndexes = RepairInvalidIndexes.OWN;

		private final RetryProperties retry = new RetryProperties();

		public Duration getLockTimeout() {
			return this.lockTimeout;
		}

		public void setLockTimeout(Duration lockTimeout) {
			this.lockTimeout = lockTimeout;
		}

		public Duration getMaxStall() {
			return this.maxStall;
		}

		public void setMaxStall(Duration maxStall) {
			this.maxStall = maxStall;
		}

		public RepairInvalidIndexes getRepairInvalidIndexes() {
			return this.repairInvalidIndexes;
		}

		public void setRepairInvalidIndexes(RepairInvalidIndexes repairInvalidIndexes) {
			this.repairInvalidIndexes = repairInvalidIndexes;
		}

		public RetryProperties getRetry() {
			return this.retry;
		}

	}

	/**
	 * Properties of the retries of blocked units.
	 */
	public static class RetryProperties {

		/**
		 * How long a unit that is blocked is tried again, not counting the time behind a
		 * backup. Zero: it is not tried again.
		 */
		private Duration maxDuration = Duration.ofMinutes(15);

		public Duration getMaxDuration() {
			return this.maxDuration;
		}

		public void setMaxDuration(Duration maxDuration) {
			this.maxDuration = maxDuration;
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
		 * Names of beans that read the schema while they are created.
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

		/**
		 * Return the names of beans that read the schema.
		 * @return the names
		 * @deprecated since 0.1.0 without replacement: every bean is served
		 */
		@Deprecated(since = "0.1.0")
		@DeprecatedConfigurationProperty(since = "0.1.0",
				reason = "It has no effect: migrations run before the first statement that any bean sends.")
		public List<String> getSchemaReaders() {
			return this.schemaReaders;
		}

		/**
		 * Set the names of beans that read the schema.
		 * @param schemaReaders the names
		 * @deprecated since 0.1.0 without replacement: every bean is served
		 */
		@Deprecated(since = "0.1.0")
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

	/**
	 * Properties of the watching.
	 */
	public static class WatchProperties {

		/**
		 * How often the session that migrates is watched while it executes a statement,
		 * or waits to try one again.
		 */
		private Duration interval = Duration.ofMillis(500);

		public Duration getInterval() {
			return this.interval;
		}

		public void setInterval(Duration interval) {
			this.interval = interval;
		}

	}

}
