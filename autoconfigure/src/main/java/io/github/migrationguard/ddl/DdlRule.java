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

package io.github.migrationguard.ddl;

/**
 * What takes a lock for as long as a table is large, and what to do instead.
 *
 * @author Migration Guard
 */
enum DdlRule {

	CREATE_INDEX("builds an index on %s, which nobody can write to meanwhile",
			"CREATE INDEX CONCURRENTLY, outside a transaction") {

		@Override
		String saferForm(TableFacts table) {
			return table.partitioned() ? "CREATE INDEX ON ONLY the table, CREATE INDEX CONCURRENTLY on each partition,"
					+ " then ALTER INDEX ... ATTACH PARTITION" : super.saferForm(table);
		}

	},

	REINDEX("builds the indexes of %s anew, which nobody can write to meanwhile",
			"REINDEX TABLE CONCURRENTLY, outside a transaction"),

	SET_NOT_NULL("looks for NULL in every row of %s, which nobody can use meanwhile",
			"ADD CONSTRAINT ... CHECK (... IS NOT NULL) NOT VALID, in another unit VALIDATE CONSTRAINT, then SET NOT NULL") {

		@Override
		boolean appliesTo(LongLock lock, TableFacts table) {
			return !table.columnIsNeverNull();
		}

	},

	ADD_COLUMN("computes a value for a new column in every row of %s, which nobody can use meanwhile",
			"ADD COLUMN without the default, then SET DEFAULT and update the rows in batches") {

		@Override
		boolean appliesTo(LongLock lock, TableFacts table) {
			return table.columnType() == null && table.volatileFunction();
		}

	},

	ADD_STORED_COLUMN("computes a value for a new column in every row of %s, which nobody can use meanwhile",
			"an ordinary column that a trigger fills, then update the rows in batches") {

		@Override
		boolean appliesTo(LongLock lock, TableFacts table) {
			return table.columnType() == null;
		}

	},

	COLUMN_TYPE("writes every row of %s anew, which nobody can use meanwhile",
			"ADD COLUMN of the new type, fill it in batches and by a trigger, then rename the columns") {

		@Override
		boolean appliesTo(LongLock lock, TableFacts table) {
			return table.columnType() != null && !ColumnTypes.isCompatible(table.columnType(), lock.type());
		}

	},

	FOREIGN_KEY("checks a foreign key in every row of %s, which nobody can write to meanwhile",
			"ADD CONSTRAINT ... FOREIGN KEY ... NOT VALID, then in another unit VALIDATE CONSTRAINT"),

	CHECK("checks every row of %s, which nobody can use meanwhile",
			"ADD CONSTRAINT ... CHECK ... NOT VALID, then in another unit VALIDATE CONSTRAINT"),

	UNIQUE("builds a unique index on %s, which nobody can use meanwhile",
			"CREATE UNIQUE INDEX CONCURRENTLY, outside a transaction, then ADD CONSTRAINT ... USING INDEX"),

	REWRITE("writes %s anew, which nobody can use meanwhile", "a plain VACUUM, or a tool that repacks tables online"),

	REFRESH("computes %s anew, which nobody can read meanwhile",
			"REFRESH MATERIALIZED VIEW CONCURRENTLY, which needs a unique index");

	private final String effect;

	private final String saferForm;

	DdlRule(String effect, String saferForm) {
		this.effect = effect;
		this.saferForm = saferForm;
	}

	/**
	 * Return whether the lock is as long as the rule says, given what is there.
	 */
	boolean appliesTo(LongLock lock, TableFacts table) {
		return true;
	}

	String effect(TableFacts table) {
		return this.effect.formatted(table.name());
	}

	String saferForm(TableFacts table) {
		return this.saferForm;
	}

}
