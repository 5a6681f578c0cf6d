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

package io.github.migrationguard.flyway;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.migrationguard.MigrationLook;
import io.github.migrationguard.MigrationTarget;
import io.github.migrationguard.lock.HistoryTable;
import org.flywaydb.core.FlywayExecutor;
import org.flywaydb.core.api.ErrorDetails;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationState;
import org.flywaydb.core.api.configuration.ClassicConfiguration;
import org.flywaydb.core.api.configuration.Configuration;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.flywaydb.core.api.pattern.ValidatePattern;
import org.flywaydb.core.extensibility.AppliedMigration;
import org.flywaydb.core.internal.database.base.Schema;
import org.flywaydb.core.internal.info.MigrationInfoImpl;
import org.flywaydb.core.internal.info.MigrationInfoServiceImpl;
import org.flywaydb.core.internal.resolver.CompositeMigrationResolver;
import org.flywaydb.core.internal.schemahistory.SchemaHistory;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * Sees which migrations are due, without a lock, without any callback and without
 * creating anything. Works as {@link org.flywaydb.core.Flyway#info()} does, and asks on
 * the way what else a run would do.
 *
 * @author Migration Guard
 */
class FlywayLook {

	private static final String NEWEST = "concat(max(installed_rank), '/', max(installed_on), '/', sum(checksum))";

	private static final String UNIT = "concat_ws('/', script, checksum, success)";

	/**
	 * The markers of Flyway are no migrations, and what has failed is not applied.
	 */
	private static final String RECORDED = "success and type not in ('SCHEMA', 'BASELINE', 'DELETE')";

	/**
	 * Somebody changes the history table at this moment: lock timeout, no such table (any
	 * more), deadlock, cancelled, also by the replay on a standby.
	 */
	private static final Set<String> UNCLEAR = Set.of("55P03", "42P01", "40P01", "57014", "40001");

	private final FlywayAccess access;

	private final RecurringMigrations recurring = new RecurringMigrations();

	/**
	 * What the first look has read from the files: whoever waits reads them once.
	 */
	private @Nullable CompositeMigrationResolver resolver;

	FlywayLook(FlywayAccess access) {
		this.access = access;
	}

	/**
	 * See what is due here.
	 */
	MigrationLook look(Connection connection) {
		return execute(connection, (sight) -> {
			try {
				MigrationLook look = due(sight, false);
				if (doesMoreThanApply(sight)) {
					return MigrationLook.always(sight.target()).withUnknown(look.unknown());
				}
				return sight.createsSomething() ? look.withPreparation() : look;
			}
			catch (FlywayException ex) {
				if (findSqlException(ex) != null) {
					throw ex;
				}
				// The run says what is wrong, better than we could
				return MigrationLook.always(sight.target());
			}
		});
	}

	/**
	 * Read the files again when something is looked at the next time.
	 */
	void forget() {
		this.resolver = null;
	}

	/**
	 * See which migrations others have to apply, whatever else a run would do. Somebody
	 * who never runs must not go on with migrations that are not valid either.
	 */
	MigrationLook lookAsWaiter(Connection connection) {
		return execute(connection, (sight) -> {
			MigrationLook look = due(sight, true);
			if (!this.access.isCustomized()) {
				sight.checkValid();
			}
			return look;
		});
	}

	private MigrationLook execute(Connection connection, Looker looker) {
		ClassicConfiguration configuration = new ClassicConfiguration(this.access.configuration());
		SingleConnectionDataSource dataSource = new SingleConnectionDataSource(connection, true);
		configuration.setDataSource(dataSource);
		TransactionalLock.switchTo(configuration, false);
		MigrationFiles files = new MigrationFiles(configuration);
		try {
			return new FlywayExecutor(configuration)
				.execute((resolver, history, database, schema, schemas, callbacks, interceptor) -> {
					MigrationInfoServiceImpl infos = new MigrationInfoServiceImpl(known(resolver), history, database,
							configuration, configuration.getTarget(), configuration.isOutOfOrder(),
							ignoredByMigrate(configuration), configuration.getCherryPick());
					return look(new Sight(configuration, files, schema, schemas, history, history.exists(),
							Sight.isBaselineNeeded(history, schemas), infos), looker);
				}, true, null);
		}
		finally {
			dataSource.destroy();
		}
	}

	private CompositeMigrationResolver known(CompositeMigrationResolver resolver) {
		CompositeMigrationResolver known = this.resolver;
		if (known == null) {
			known = resolver;
			this.resolver = known;
		}
		return known;
	}

	/**
	 * As {@link org.flywaydb.core.Flyway#migrate()} validates.
	 */
	private static ValidatePattern[] ignoredByMigrate(Configuration configuration) {
		return Stream
			.concat(Stream.of(configuration.getIgnoreMigrationPatterns()),
					Stream.of(ValidatePattern.fromPattern("*:pending")))
			.toArray(ValidatePattern[]::new);
	}

	private static MigrationLook look(Sight sight, Looker looker) {
		try {
			return looker.look(sight);
		}
		catch (FlywayException ex) {
			SQLException failure = findSqlException(ex);
			if (failure != null && UNCLEAR.contains(String.valueOf(failure.getSQLState()))) {
				return MigrationLook.unclear(sight.target());
			}
			throw ex;
		}
	}

	private static @Nullable SQLException findSqlException(Throwable failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof SQLException ex) {
				return ex;
			}
		}
		return null;
	}

	private MigrationLook due(Sight sight, boolean waiter) {
		int recorded = sight.refresh();
		List<String> pending = waiter ? sight.failed() : new ArrayList<>();
		List<String> awaited = new ArrayList<>();
		List<String> recurring = new ArrayList<>();
		// A checksum that is never the same is seen only by reading again
		boolean readAgain = false;
		for (MigrationInfoImpl info : sight.infos().pending()) {
			if (sight.isBelowBaseline(info)) {
				continue;
			}
			if (this.recurring.contains(info, sight.infos().all(), sight.files(), waiter)) {
				recurring.add(info.getScript());
			}
			else {
				readAgain |= info.getVersion() == null && recorded > 0;
				pending.add(info.getScript());
				awaited.add(unit(info));
			}
		}
		if (readAgain) {
			forget();
		}
		return MigrationLook.of(sight.target(), pending, pending.size(), recurring, sight.countApplied(), recorded)
			.withAwaited(() -> awaited)
			.withUnknown(sight.unknown());
	}

	/**
	 * As it is recorded when it was applied.
	 */
	private static String unit(MigrationInfo info) {
		return Stream.of(info.getScript(), info.getChecksum(), 't')
			.filter(Objects::nonNull)
			.map(String::valueOf)
			.collect(Collectors.joining("/"));
	}

	private boolean doesMoreThanApply(Sight sight) {
		return this.access.isCustomized() || sight.files().hasCallbacks() || sight.isInvalid();
	}

	/**
	 * Looks at what Flyway shows.
	 */
	@FunctionalInterface
	private interface Looker {

		MigrationLook look(Sight sight);

	}

	/**
	 * What Flyway shows.
	 */
	private record Sight(ClassicConfiguration configuration, MigrationFiles files, Schema<?, ?> schema,
			Schema<?, ?>[] schemas, SchemaHistory history, boolean withHistory, boolean baselineNeeded,
			MigrationInfoServiceImpl infos) {

		/**
		 * Flyway refuses to migrate a schema that is not empty and has no history, unless
		 * it may make a baseline.
		 */
		static boolean isBaselineNeeded(SchemaHistory history, Schema<?, ?>[] schemas) {
			return !history.exists() && Stream.of(schemas).anyMatch((schema) -> schema.exists() && !schema.empty());
		}

		MigrationTarget target() {
			String table = this.configuration.getTable();
			String identifier = this.schema.getTable(table).toString();
			String readable = this.schema.getName() + "." + table;
			return new MigrationTarget(new HistoryTable(readable, identifier, NEWEST, "installed_rank", UNIT, RECORDED),
					identifier, readable);
		}

		/**
		 * See the history once more, at a moment when nobody records anything.
		 * @return how many rows record a migration
		 */
		int refresh() {
			int recorded;
			do {
				recorded = countRecords();
				this.infos.refresh();
			}
			while (recorded != countRecords());
			return recorded;
		}

		private int countRecords() {
			return this.withHistory
					? (int) this.history.allAppliedMigrations().stream().filter(Sight::isRecorded).count() : 0;
		}

		private static boolean isRecorded(AppliedMigration row) {
			return row.isSuccess() && !row.getType().isSynthetic();
		}

		int countApplied() {
			return (int) Stream.of(this.infos.all()).filter(Sight::isApplied).count();
		}

		private static boolean isApplied(MigrationInfo info) {
			return (info.getState() == MigrationState.SUCCESS || info.getState() == MigrationState.OUT_OF_ORDER)
					&& !info.getType().isSynthetic();
		}

		List<String> unknown() {
			return Stream.of(this.infos.future())
				.filter((info) -> info.getState() == MigrationState.FUTURE_SUCCESS)
				.map(MigrationInfo::getScript)
				.toList();
		}

		List<String> failed() {
			return Stream.of(this.infos.failed())
				.map(MigrationInfo::getScript)
				.collect(Collectors.toCollection(ArrayList::new));
		}

		/**
		 * Fail as {@link org.flywaydb.core.Flyway#migrate()} would, except for migrations
		 * that have failed: those are repaired and applied again, as everybody who waits
		 * hopes.
		 */
		void checkValid() {
			if (!this.configuration.isValidateOnMigrate()) {
				return;
			}
			for (MigrationInfo info : this.infos.all()) {
				ErrorDetails error = info.getState().isFailed() ? null : ((MigrationInfoImpl) info).validate();
				if (error != null) {
					throw new FlywayValidateException(error, error.errorMessage);
				}
			}
		}

		/**
		 * Whether a run would fail before it applies anything.
		 */
		boolean isInvalid() {
			return this.infos.failed().length > 0 || (this.baselineNeeded && !this.configuration.isBaselineOnMigrate())
					|| (this.configuration.isValidateOnMigrate() && !this.infos.validate().isEmpty());
		}

		/**
		 * Whether a migration is not applied, because a run would make a baseline first.
		 */
		boolean isBelowBaseline(MigrationInfo pending) {
			return this.baselineNeeded && pending.getVersion() != null
					&& pending.getVersion().compareTo(this.configuration.getBaselineVersion()) <= 0;
		}

		/**
		 * Whether a run would create schemas, the history or a baseline.
		 */
		boolean createsSomething() {
			return !this.withHistory || (this.configuration.isCreateSchemas()
					&& Stream.of(this.schemas).anyMatch((schema) -> !schema.exists()));
		}

	}

}
