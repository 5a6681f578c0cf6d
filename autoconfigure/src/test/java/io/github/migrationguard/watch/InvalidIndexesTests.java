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

package io.github.migrationguard.watch;

import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.github.migrationguard.testsupport.Awaiting;
import io.github.migrationguard.testsupport.EmbeddedPostgresTest;
import io.github.migrationguard.testsupport.TestDatabase;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.dao.DataAccessException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link InvalidIndexes}.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
class InvalidIndexesTests {

	private static final String DEFINITION = "CREATE UNIQUE INDEX \"Code Key\" ON public.orders USING btree (code)";

	private TestDatabase database;

	@BeforeEach
	void createTable(TestDatabase database) {
		this.database = database;
		database.client().sql("create table orders (id int primary key, code text)").update();
	}

	@Test
	void findsIndexThatFailedToBeBuilt() throws SQLException {
		failToBuild();
		assertThat(find())
			.containsExactly(new InvalidIndex("public.\"Code Key\"", "public.orders", DEFINITION, true, false));
	}

	@Test
	void doesNotWaitForTableThatIsLocked() throws SQLException {
		failToBuild();
		try (OtherSession other = OtherSession.open(this.database)) {
			other.begin("lock table orders in access exclusive mode");
			assertThat(find()).extracting(InvalidIndex::definition).containsOnlyNulls();
			other.rollback();
		}
		assertThat(find()).extracting(InvalidIndex::definition).containsExactly(DEFINITION);
	}

	@Test
	void tellsThatIndexIsOfOtherRole() throws SQLException {
		failToBuild();
		this.database.superuser().sql("alter table orders owner to postgres").update();
		assertThat(find()).extracting(InvalidIndex::owned).containsExactly(false);
	}

	@Test
	void tellsThatIndexIsBeingBuilt() throws Exception {
		try (OtherSession reader = OtherSession.open(this.database);
				OtherSession builder = OtherSession.open(this.database, "postgres", "builder")) {
			reader.begin("set transaction isolation level repeatable read", "select count(*) from pg_class");
			CompletableFuture<Void> build = builder.executeInBackground("create index concurrently i on orders (code)");
			Awaiting.await("build waits for reader").until(() -> find().stream().anyMatch(InvalidIndex::beingBuilt));
			assertThat(find()).extracting(InvalidIndex::name).containsExactly("public.i");
			reader.rollback();
			build.get();
		}
		assertThat(find()).isEmpty();
	}

	@Test
	void indexOfPartitionedTableIsNotInvalid() throws SQLException {
		this.database.client().sql("create table events (id int) partition by range (id)").update();
		this.database.client().sql("create table events_1 partition of events for values from (0) to (1000)").update();
		this.database.client().sql("create index events_id on only events (id)").update();
		assertThat(find()).isEmpty();
	}

	private void failToBuild() {
		this.database.client().sql("insert into orders values (1, 'a'), (2, 'a')").update();
		assertThatExceptionOfType(DataAccessException.class).isThrownBy(() -> this.database.client()
			.sql("create unique index concurrently \"Code Key\" on orders (code)")
			.update());
	}

	private List<InvalidIndex> find() throws SQLException {
		try (OtherSession session = OtherSession.open(this.database)) {
			return InvalidIndexes.find(session.connection(), 30);
		}
	}

}
