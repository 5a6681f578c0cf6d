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

import java.util.List;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

/**
 * Tests for {@link DdlStatement}.
 *
 * @author Migration Guard
 */
class DdlStatementTests {

	@ParameterizedTest
	@ValueSource(strings = { "create index concurrently i on t (a)", "CREATE UNIQUE INDEX CONCURRENTLY i ON t (a)",
			"create index concurrently if not exists i on only t (a)", "drop index concurrently i",
			"drop index concurrently if exists i, j", "reindex index concurrently i", "reindex table concurrently t",
			"reindex (verbose) database concurrently d", "reindex (concurrently) table t",
			"reindex (verbose, concurrently true) table t", "alter table t detach partition p concurrently",
			"alter table if exists only s.t detach partition s.\"P\" concurrently",
			"-- a comment\ncreate /* another /* nested */ one */ index concurrently i on t (a);",
			"set statement_timeout = 0; create index concurrently i on t (a)",
			"create\r\n\tindex concurrently \"on\" on \"T\" (a)", "create index concurrently on t (a)" })
	void concurrentStatement(String sql) {
		assertThat(DdlStatement.of(sql).isConcurrent()).isTrue();
		assertThat(DdlStatement.of(sql).allowsLockTimeout()).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "create index i on t (a)", "create index \"concurrently\" on t (a)",
			"-- create index concurrently i on t (a)\ncreate index i on t (a)",
			"/* /* */ create index concurrently i on t (a); */ create index i on t (a)",
			"comment on table t is 'x; create index concurrently i on t (a)'",
			"comment on table t is E'it\\'s; create index concurrently i on t (a)'",
			"comment on table t is 'it''s; create index concurrently i on t (a)'",
			"do $x$ begin perform '; $$ create index concurrently i on t (a)'; end $x$",
			"refresh materialized view concurrently m", "reindex table t", "reindex (concurrently false) table t",
			"reindex (concurrently off, verbose) index i", "drop index i", "alter table t detach partition p",
			"alter table t detach partition p finalize", "alter table t add column concurrently_built boolean" })
	void notConcurrentStatement(String sql) {
		assertThat(DdlStatement.of(sql).isConcurrent()).isFalse();
		assertThat(DdlStatement.of(sql).allowsLockTimeout()).isTrue();
	}

	@Test
	void createdIndex() {
		assertCreates("create index concurrently i on t (a)", new CreatedIndex("i", name(null, "t"), true, false));
		assertCreates("CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS Order_Idx ON ONLY Sales.Orders USING btree (a)",
				new CreatedIndex("order_idx", name("sales", "orders"), true, true));
		assertCreates("create index \"My \"\"Idx\" on \"S.1\".\"T\" (a)",
				new CreatedIndex("My \"Idx", name("S.1", "T"), false, false));
		assertCreates("create index if not exists i on t (lower(a))",
				new CreatedIndex("i", name(null, "t"), false, true));
		assertCreates("create index concurrently on t (a)", new CreatedIndex(null, name(null, "t"), true, false));
		assertCreates("create index concurrently Größe on only (ÄRGER) (a)",
				new CreatedIndex("größe", name(null, "Ärger"), true, false));
	}

	@Test
	void createdIndexComesBeforeAnythingElse() {
		CreatedIndex index = new CreatedIndex("i", name(null, "t"), false, false);
		assertCreates("create index i on t (a); create index concurrently j on only (u) (a);", index);
		assertCreates("set role r; /* quick */ create index i on t (a)", index);
		assertCreates("drop index i; create index i on t (a)", null);
	}

	@ParameterizedTest
	@ValueSource(strings = { "create table t (a int)", "drop index concurrently i", "create index concurrently",
			"create index i", "create", "create index i on", "create index i on a.b.c.d (a)",
			"select 'create index concurrently i on t (a)'", "create unique",
			"create function f() returns void language sql as $$create index i on t (a)$$" })
	void createsNoIndex(String sql) {
		assertCreates(sql, null);
	}

	private static SqlName name(@Nullable String schema, String name) {
		return new SqlName(schema, name);
	}

	private static void assertCreates(String sql, @Nullable CreatedIndex index) {
		assertThat(DdlStatement.of(sql).createdIndex()).isEqualTo(index);
	}

	@Test
	void concurrentIndexIsAllThatStatementDoes() {
		assertConcurrentIndex("create index concurrently i on t (a);", true);
		assertConcurrentIndex("create index concurrently on t (a)", false);
		assertConcurrentIndex("create index i on t (a)", false);
		assertConcurrentIndex("drop index concurrently i", false);
		assertConcurrentIndex("create index concurrently i on t (a); drop index j", false);
	}

	private static void assertConcurrentIndex(String sql, boolean expected) {
		assertThat(DdlStatement.of(sql).isConcurrentIndex()).isEqualTo(expected);
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "set lock_timeout = '5s'", "SET LOCAL Lock_Timeout TO 0", "set session lock_timeout to default",
					"set \"lock_timeout\" = 0", "reset lock_timeout", "select set_config('lock_timeout', '1s', false)",
					"select pg_catalog.set_config('LOCK_TIMEOUT', '1s', true)",
					"select set_config('a.b', 'c', true), set_config('lock_timeout', '1s', true)",
					"alter table t add a int; set lock_timeout = 0", "/* quick */ set lock_timeout = '1s'",
					"do $$ begin set local lock_timeout = '1s'; end $$",
					"do 'begin perform set_config(''lock_timeout'', ''1s'', true); end'" })
	void setsLockTimeout(String sql) {
		assertThat(DdlStatement.of(sql).setsLockTimeout()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "set statement_timeout = '5s'", "set search_path = lock_timeout", "show lock_timeout",
			"-- set lock_timeout = '5s'", "alter role r set lock_timeout = '5s'", "alter system set lock_timeout = 0",
			"select current_setting('lock_timeout')", "select set_config('search_path', 'lock_timeout', false)",
			"create function f() returns void language sql set lock_timeout = '1s' as ''",
			"comment on table t is 'set lock_timeout = 0; set lock_timeout = 0'",
			"set session characteristics as transaction read write", "reset all", "do $$ begin perform 1; end $$" })
	void setsNoLockTimeout(String sql) {
		assertThat(DdlStatement.of(sql).setsLockTimeout()).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "reset all", "discard all", "RESET lock_timeout", "rollback", "rollback to savepoint s",
			"rollback to s", "abort", "commit", "end", "prepare transaction 'x'", "select 1; rollback", "call p()",
			"do $$ begin commit; end $$" })
	void mayResetSettings(String sql) {
		assertThat(DdlStatement.of(sql).mayResetSettings()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "reset search_path", "discard plans", "savepoint s", "release s", "begin",
			"alter table t add column rollback int", "set lock_timeout = 0", "prepare p as select 1",
			"comment on table t is '; reset all'", "do $$ begin perform 1; end $$", "" })
	void resetsNoSettings(String sql) {
		assertThat(DdlStatement.of(sql).mayResetSettings()).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "commit", "COMMIT AND CHAIN", "end", "insert into t values (1); commit;",
			"prepare transaction 'x'" })
	void commits(String sql) {
		assertThat(DdlStatement.of(sql).commits()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "rollback", "prepare p as select 1", "comment on table t is 'commit'",
			"do $$ begin perform 1; end $$" })
	void commitsNothing(String sql) {
		assertThat(DdlStatement.of(sql).commits()).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "create table t (id int generated by default as identity primary key)",
			"CREATE UNLOGGED TABLE if not exists s.t (a text default 'select')", "create sequence s", "create schema s",
			"set transaction isolation level serializable", "set lock_timeout = 1", "begin",
			"create table a (id int); create table b (id int);" })
	void waitsForNobody(String sql) {
		assertThat(DdlStatement.of(sql).waitsForNobody()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "alter table t add a int", "create index i on t (a)",
			"create table t (a int references u)", "create table t (like u)", "create table t () inherits (u)",
			"create table t partition of u default", "create table t as select 1",
			"create table t as (select * from u)", "create table t as table u", "create table t as values (1)",
			"create view v as select * from t", "create table a (id int); alter table b add c int" })
	void mayWaitForSomebody(String sql) {
		assertThat(DdlStatement.of(sql).waitsForNobody()).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "create table t (a int)", "ALTER TABLE t ADD a int; drop table u",
			"comment on table t is ''", "create index concurrently i on t (a)", "", "select version()", "set role r",
			"grant usage on schema s to r", "revoke all on t from r",
			"create function f() returns void language plpgsql as $$ begin perform pg_advisory_unlock_all(); end $$" })
	void isDefinition(String sql) {
		assertThat(DdlStatement.of(sql).isDefinition()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "insert into t values (1)", "create table t as select f()", "create table t as table u",
			"create table t as execute p", "do $$ begin end $$", "call f()", "(select f())", "{call f()}",
			"create table t (a int); select f()", "alter table t add b int default f()",
			"alter table t alter a type int using f(a)", "with w as (select f()) select 1", "discard all", "select f()",
			"grant select on t to r" })
	void isNoMereDefinition(String sql) {
		assertThat(DdlStatement.of(sql).isDefinition()).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ;; -- nothing\n", "set lock_timeout = 0", "set role r; reset role;", "show all",
			"begin", "select set_config('a.b', 'c', false)",
			"select pg_catalog.set_config('a.b', 'c', false) as x, current_setting('d.e')", "/* only a comment */",
			"SELECT version()", "select current_user, pg_catalog.current_schema()" })
	void changesNothing(String sql) {
		assertThat(DdlStatement.of(sql).changesNothing()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "alter table t add a int", "select 1", "select set_config('a.b', f(), false)",
			"select set_config('a.b', 'c', false) from t", "select f()", "set role r; alter table t add a int",
			"discard all", "select set_config('a', 'b', false), f()", "call p()", "'unclosed", "select(1)" })
	void changesSomething(String sql) {
		assertThat(DdlStatement.of(sql).changesNothing()).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "do $$ begin alter table t add a int; exception when others then null; end $$",
			"DO LANGUAGE plpgsql $body$ BEGIN NULL; EXCEPTION\n  WHEN lock_not_available THEN NULL; END $body$",
			"do 'begin exception when others then raise notice ''x''; end' language 'plpgsql'",
			"do $$ begin exception /* c */ when others then null; end $$",
			"do language plpython3u $$ plpy.execute('lock t') $$",
			"select 1; do $$ begin exception when others then end $$" })
	void swallowsErrors(String sql) {
		assertThat(DdlStatement.of(sql).swallowsErrors()).isTrue();
		assertThat(DdlStatement.of(sql).allowsLockTimeout()).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "do $$ begin raise exception 'when'; end $$",
			"do $$ begin -- exception when\n perform 'exception when others'; end $$", "do",
			"create function f() returns void language plpgsql as $$ begin exception when others then null; end $$",
			"alter table t add \"exception\" int", "do language plpgsql $$ begin lock t; end $$" })
	void swallowsNoErrors(String sql) {
		assertThat(DdlStatement.of(sql).swallowsErrors()).isFalse();
		assertThat(DdlStatement.of(sql).allowsLockTimeout()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "{call migrate()}", "{? = call migrate()}", "update t set a = 1",
			"insert into t values (1)", "delete from t", "select migrate()",
			"with x as (select 1) insert into t select * from x", "call migrate()", "(select 1)",
			"merge into t using u on true when matched then delete", "alter table t add a int; update t set a = 1" })
	void rowsAllowNoLockTimeout(String sql) {
		assertThat(DdlStatement.of(sql).allowsLockTimeout()).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "alter table t add a int", "truncate t", "lock table t in exclusive mode", "vacuum full t",
			"create table u as select * from t", "drop table t",
			"create trigger x after insert on t execute function f()" })
	void ddlAllowsLockTimeout(String sql) {
		assertThat(DdlStatement.of(sql).allowsLockTimeout()).isTrue();
	}

	@Test
	void semicolonWithinStatementDoesNotEndIt() {
		assertStatements(1, "create rule r as on insert to t do also (delete from u; delete from v)");
		assertStatements(1,
				"create or replace procedure p() begin atomic insert into t values (case when true then 1 end); "
						+ "rollback; end");
		assertStatements(2, "create function f() returns int begin atomic select 1; end; alter table t add a int");
		assertStatements(2, "select \"a;b\", 'c;d', $$e;f$$, $x$;$$;$y$;$x$ -- ;\n; select 2;");
		assertStatements(2, "begin; end");
		assertStatements(2, "create table t$1$ (a int); create table u$1$ (a int)");
		assertStatements(2, "select $1; select $2");
	}

	private static void assertStatements(int count, String sql) {
		assertThat(DdlStatement.of(sql).statements()).hasSize(count);
	}

	@Test
	void textThatIsNotClosedEndsWithItself() {
		List.of("'", "\"", "$$", "$x$ $y$", "/*", "/* /* */", "E'\\", "$", "$x", "u&'", "--", "(", ")", "select (((",
				"'a''", "do $$ begin exception", "create index concurrently \"", "reindex (", "reindex (concurrently",
				"set", "reset", "do '", "alter table", "alter table t detach partition", "select set_config(",
				"select ,", "\u0000", "🐘")
			.forEach(DdlStatementTests::assertReadable);
	}

	@Test
	@Timeout(60)
	void textIsReadInLinearTime() {
		for (String piece : List.of("'", "''", "\"", "$$", "$a$b$", "$a", "/*", "*/", "/*/", "--", "--\n", "E'\\'", "(",
				")", "()", ";", "a ", "set ", "create ", "do '", "set_config(", "begin atomic ", "1", "$1",
				"select set_config('a')")) {
			String sql = piece.repeat(500_000 / piece.length());
			assertReadable("do " + sql);
			assertReadable("select " + sql);
		}
	}

	private static void assertReadable(String sql) {
		DdlStatement statement = DdlStatement.of(sql);
		List<Predicate<DdlStatement>> questions = List.of(DdlStatement::isConcurrent, DdlStatement::setsLockTimeout,
				DdlStatement::mayResetSettings, DdlStatement::changesNothing, DdlStatement::swallowsErrors,
				DdlStatement::allowsLockTimeout, (it) -> it.createdIndex() == null);
		assertThatCode(() -> questions.forEach((question) -> question.test(statement))).doesNotThrowAnyException();
	}

	@ParameterizedTest
	@ValueSource(strings = { "alter table t add a int", "create index concurrently i on t (a)", "vacuum full t",
			"insert into t values (1)", "do $$ begin perform f(); alter table t add a int; end $$", "set role r",
			"select set_config('a.b', 'c', false)", "/* call p() */ drop table t" })
	void isUndoneIfItFails(String sql) {
		assertThat(DdlStatement.of(sql).isUndoneIfItFails()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "call p()", "{call p()}", "select f()", "with a as (select f()) select 1", "execute p",
			"explain analyze select f()", "do $$ begin update t set a = 1; commit; end $$",
			"do $$ begin call p(); end $$", "do language plpython3u 'plpy.commit()'", "do 'begin rollback; end'",
			"alter table t add a int; alter table t add b int", "drop index concurrently i", "unknown t",
			"do $$ begin perform dblink_exec('c', 'delete from t'); end $$", "create index concurrently on t (a)",
			"insert into t select * from dblink('c', 's') as r (a int)" })
	void mayBeCommittedIfItFails(String sql) {
		assertThat(DdlStatement.of(sql).isUndoneIfItFails()).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "vacuum t", "vacuum (analyze) t", "analyze t", "comment on table t is ''",
			"alter table only t validate constraint c", "alter table t alter column a set statistics 10",
			"alter table if exists s.t set (fillfactor = 90), alter a reset (n_distinct)", "select 1",
			"insert into t values (1)", "create statistics s on a, b from t" })
	void blocksNobody(String sql) {
		assertThat(DdlStatement.of(sql).blocksNobody()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "vacuum full t", "vacuum (full) t", "alter table t add a int", "alter table t",
			"alter table t validate constraint c, add a int", "alter table t set logged", "truncate t",
			"alter table t alter a set default 1", "analyze t; truncate t" })
	void mayBlockSomebody(String sql) {
		assertThat(DdlStatement.of(sql).blocksNobody()).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "set local role r", "SET LOCAL search_path TO a", "set transaction read only",
			"set local session authorization r", "set transaction_isolation = 'serializable'",
			"set local time zone 'UTC'", "select set_config('role', 'r', true)", "select set_config('role', 'r', ?)",
			"select pg_catalog.set_config(f(), 'r', 't'), 1", "do $$ begin set local role r; end $$",
			"do $$ begin perform set_config('role', 'r', true); end $$", "select 1; set local role r" })
	void setsLocally(String sql) {
		assertThat(DdlStatement.of(sql).setsLocally()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "set role r", "set session authorization r", "set search_path = local",
			"set local lock_timeout = '5s'", "select set_config('search_path', '', false)",
			"select set_config('lock_timeout', '5s', true)", "update t set a = 1", "set constraints all deferred",
			"create function f() returns void language plpgsql as $$ begin set local role r; end $$",
			"set session characteristics as transaction read only" })
	void setsNothingLocally(String sql) {
		assertThat(DdlStatement.of(sql).setsLocally()).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "set lock_timeout = 1", "reset all", "discard all", "do $$ begin end $$", "call p()",
			"execute p", "select f()", "with a as (select f()) select 1",
			"select set_config('lock_timeout', '1s', true)" })
	void maySetLockTimeout(String sql) {
		assertThat(DdlStatement.of(sql).maySetLockTimeout()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "select count(*) from t where a in (1)", "select pg_catalog.setval('s', 1, true)",
			"insert into t values (now())", "alter table t add a int", "select set_config('role', 'r', false)" })
	void leavesLockTimeout(String sql) {
		assertThat(DdlStatement.of(sql).maySetLockTimeout()).isFalse();
	}

}
