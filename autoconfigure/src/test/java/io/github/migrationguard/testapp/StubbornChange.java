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

package io.github.migrationguard.testapp;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import liquibase.change.custom.CustomTaskChange;
import liquibase.database.Database;
import liquibase.database.jvm.JdbcConnection;
import liquibase.exception.CustomChangeException;
import liquibase.exception.ValidationErrors;
import liquibase.resource.ResourceAccessor;

/**
 * Code of a user that does not end by itself.
 *
 * @author Migration Guard
 */
public class StubbornChange implements CustomTaskChange {

	private String how = "";

	public void setHow(String how) {
		this.how = how;
	}

	@Override
	public void execute(Database database) throws CustomChangeException {
		System.out.println("Stubborn change: " + this.how);
		try {
			switch (this.how) {
				case "waits" -> new CompletableFuture<>().get();
				case "waits with a limit" -> TimeUnit.DAYS.sleep(1);
				case "computes" -> compute();
				case "ignores the cancel" ->
					ignoreCancel(((JdbcConnection) database.getConnection()).getUnderlyingConnection());
				case "exits" -> System.exit(3);
				default -> throw new IllegalArgumentException(this.how);
			}
		}
		catch (Exception ex) {
			throw new CustomChangeException(ex);
		}
	}

	private static void compute() {
		while (true) {
			Thread.onSpinWait();
		}
	}

	private static void ignoreCancel(Connection connection) throws SQLException {
		for (int attempt = 1; attempt <= 3; attempt++) {
			try (Statement statement = connection.createStatement()) {
				statement.execute("select pg_sleep(86400)");
			}
			catch (SQLException ex) {
				System.out.println("Stubborn change goes on after " + ex.getSQLState());
			}
		}
	}

	@Override
	public String getConfirmationMessage() {
		return "Done";
	}

	@Override
	public void setUp() {
	}

	@Override
	public void setFileOpener(ResourceAccessor resourceAccessor) {
	}

	@Override
	public ValidationErrors validate(Database database) {
		return new ValidationErrors();
	}

}
