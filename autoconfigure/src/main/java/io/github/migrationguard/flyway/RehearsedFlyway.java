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

import java.util.List;

import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.CoreErrorCode;
import org.flywaydb.core.api.ErrorDetails;
import org.flywaydb.core.api.MigrationInfoService;
import org.flywaydb.core.api.configuration.Configuration;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.flywaydb.core.api.output.BaselineResult;
import org.flywaydb.core.api.output.CleanResult;
import org.flywaydb.core.api.output.MigrateResult;
import org.flywaydb.core.api.output.OperationResult;
import org.flywaydb.core.api.output.RepairResult;
import org.flywaydb.core.api.output.ValidateResult;
import org.flywaydb.core.internal.util.ValidatePatternUtils;

/**
 * A {@link Flyway} that only remembers whether it was asked to migrate.
 *
 * @author Migration Guard
 */
class RehearsedFlyway extends Flyway {

	private static final String VERSION = "rehearsal";

	private final MigrationInfoService info;

	private boolean migrated;

	RehearsedFlyway(Configuration configuration, MigrationInfoService info) {
		super(configuration);
		this.info = info;
	}

	boolean isMigrated() {
		return this.migrated;
	}

	@Override
	public MigrateResult migrate() {
		this.migrated = true;
		return new MigrateResult(VERSION, null, null, null);
	}

	@Override
	public MigrationInfoService info() {
		return this.info;
	}

	@Override
	public CleanResult clean() {
		return new CleanResult(VERSION, null);
	}

	/**
	 * Something is pending, which validation refuses unless it was told to ignore that.
	 */
	@Override
	public void validate() {
		if (!ValidatePatternUtils.isPendingIgnored(getConfiguration().getIgnoreMigrationPatterns())) {
			ErrorDetails error = new ErrorDetails(CoreErrorCode.VALIDATE_ERROR, "Migrations are pending");
			throw new FlywayValidateException(error, error.errorMessage);
		}
	}

	@Override
	public ValidateResult validateWithResult() {
		validate();
		return new ValidateResult(VERSION, null, null, true, 0, List.of(), List.of());
	}

	@Override
	public BaselineResult baseline() {
		return new BaselineResult(VERSION, null);
	}

	@Override
	public RepairResult repair() {
		return new RepairResult(VERSION, null);
	}

	@Override
	public OperationResult undo() {
		return new MigrateResult(VERSION, null, null, null);
	}

}
