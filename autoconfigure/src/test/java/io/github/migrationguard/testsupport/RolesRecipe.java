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

package io.github.migrationguard.testsupport;

import java.util.List;

/**
 * Makes the recipes of {@code docs/database-roles.md} apply to the database of a test.
 *
 * @author Migration Guard
 */
public final class RolesRecipe {

	/**
	 * The password of all roles on the page.
	 */
	public static final String PASSWORD = "change-me";

	private static final List<String> ROLES = List.of("migrator", "app", "wait", "owner", "deploy");

	private final TestDatabase database;

	public RolesRecipe(TestDatabase database) {
		this.database = database;
	}

	/**
	 * Execute what the page says, as its reader would.
	 * @param blocks the SQL
	 */
	public void execute(String... blocks) {
		ROLES.forEach((role) -> this.database.adoptRole(role(role)));
		for (String block : blocks) {
			this.database.superuser().sql(ours(block)).update();
		}
	}

	/**
	 * Create a migrator, who owns the schema, and an application without DDL.
	 */
	public void createMigratorAndApplication() {
		List<String> sql = Page.of("database-roles.md").section("A migrator and an application").code("sql");
		execute(sql.get(0), sql.get(1));
	}

	/**
	 * Return the name that a role of the page has in this test.
	 * @param suffix what follows {@code orders_}
	 * @return the name
	 */
	public String role(String suffix) {
		return ours("orders_" + suffix);
	}

	/**
	 * Put the names of this test into a text.
	 * @param text the text of the page
	 * @return the text with other names
	 */
	public String ours(String text) {
		return text.replace("jdbc:postgresql://db:5432/orders", this.database.url())
			.replace("orders_", this.database.name() + "_our_")
			.replace("orders", this.database.name());
	}

}
