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

package io.github.migrationguard.lock;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import io.github.migrationguard.testsupport.Awaiting;
import io.github.migrationguard.testsupport.EmbeddedPostgresTest;
import io.github.migrationguard.testsupport.TestDatabase;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.postgresql.ds.PGSimpleDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

/**
 * Tests for {@link MigrationSession}.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
class MigrationSessionTests {

	private static final LockKey KEY = LockKey.of("\"public\".\"history_lock\"", "public.history_lock");

	private static final LockKey OTHER_KEY = LockKey.of("\"public\".\"other_lock\"", "public.other_lock");

	private static final Duration LONG = Duration.ofMinutes(1);

	private final List<MigrationSession> sessions = new ArrayList<>();

	@AfterEach
	void closeSessions() {
		this.sessions.forEach(MigrationSession::close);
	}

	@Test
	void interceptorHearsOfCommitBySwitchToAutoCommit(TestDatabase database) throws Exception {
		RecordingInterceptor interceptor = new RecordingInterceptor();
		tableInTransaction(database).commit();
		this.sessions.get(0).intercept(interceptor);
		try (Connection connection = this.sessions.get(0).connection()) {
			connection.setAutoCommit(true);
			connection.setAutoCommit(false);
			execute(connection, "insert into entries values ('committed')");
			connection.setAutoCommit(true);
		}
		assertThat(interceptor.heard).containsExactly("execute", "commit");
		assertThat(database.client().sql("select entry from entries").query(String.class).list())
			.containsExactly("outer", "committed");
	}

	@Test
	void interceptorHearsOfBatchesAndOfWhatIsUnwrapped(TestDatabase database) throws Exception {
		RecordingInterceptor interceptor = new RecordingInterceptor();
		tableInTransaction(database).commit();
		this.sessions.get(0).intercept(interceptor);
		try (Connection connection = this.sessions.get(0).connection();
				PreparedStatement statement = connection.prepareStatement("insert into entries values (?)")) {
			statement.setString(1, "first");
			statement.addBatch();
			statement.executeBatch();
			statement.setString(1, "second");
			statement.addBatch();
			statement.setString(1, "third");
			statement.addBatch();
			statement.executeBatch();
			connection.unwrap(PGConnection.class);
		}
		assertThat(interceptor.heard).containsExactly("execute", "execute batch", "bypassed");
	}

	@Test
	void connectionOpenedBeforeTransactionHasBegunIsOnItsOwn(TestDatabase database) throws Exception {
		try (Connection outer = tableInTransaction(database)) {
			outer.commit();
			try (Connection inner = this.sessions.get(0).connection()) {
				assertThat(inner.getAutoCommit()).isTrue();
				execute(inner, "insert into entries values ('kept')");
			}
			assertThat(outer.getAutoCommit()).isFalse();
			execute(outer, "insert into entries values ('lost')");
			outer.rollback();
		}
		assertThat(database.client().sql("select entry from entries").query(String.class).list())
			.containsExactly("outer", "kept");
	}

	@Test
	void closedConnectionRollsBackAndLeavesModeAsItWas(TestDatabase database) throws Exception {
		Connection outer = tableInTransaction(database);
		outer.close();
		assertThat(this.sessions.get(0).connection().getAutoCommit()).isTrue();
		assertThat(database.client().sql("select count(*) from entries").query(Integer.class).single()).isZero();
	}

	@Test
	void closedConnectionAnswersAsThatOfPool(TestDatabase database) throws Exception {
		Connection connection = tableInTransaction(database);
		connection.close();
		connection.close();
		connection.abort(Runnable::run);
		assertThat(connection.isClosed()).isTrue();
		assertThat(connection.isValid(1)).isFalse();
		assertThat(connection).hasToString(connection.toString());
		assertThatExceptionOfType(SQLException.class).isThrownBy(connection::createStatement)
			.satisfies((ex) -> assertThat(ex.getSQLState()).isEqualTo("08003"));
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> connection.unwrap(PGConnection.class));
		assertThat(this.sessions.get(0).connection().isValid(5)).isTrue();
	}

	/**
	 * Return a connection of a session that has inserted an entry and not committed it.
	 */
	private Connection tableInTransaction(TestDatabase database) throws SQLException {
		database.client().sql("create table entries (entry text)").update();
		MigrationSession session = session(database, "outer");
		Connection connection = session.connection();
		connection.setAutoCommit(false);
		execute(connection, "insert into entries values ('outer')");
		return connection;
	}

	@Test
	void secondTakerDoesNotGetLock(TestDatabase database) throws Exception {
		assertThat(session(database, "a").tryLock()).isNotNull();
		assertThat(session(database, "b").tryLock()).isNull();
	}

	@Test
	void locksOfDifferentKeysAreIndependent(TestDatabase database) throws Exception {
		MigrationSession other = open(database);
		other.prepare(OTHER_KEY, "b", Map.of());
		assertThat(session(database, "a").tryLock()).isNotNull();
		assertThat(other.tryLock()).isNotNull();
	}

	@Test
	void releaseIsNotifiedToWaiter(TestDatabase database) throws Exception {
		MigrationSession holder = session(database, "holder");
		MigrationSession waiter = session(database, "waiter");
		holder.tryLock();
		waiter.listen();
		assertThat(waiter.awaitRelease(Duration.ofMillis(1))).isFalse();
		CompletableFuture<Boolean> released = CompletableFuture.supplyAsync(() -> awaitRelease(waiter));
		assertThat(holder.unlock()).isTrue();
		assertThat(released.join()).isTrue();
		assertThat(waiter.tryLock()).isNotNull();
	}

	private static boolean awaitRelease(MigrationSession waiter) {
		try {
			return waiter.awaitRelease(LONG);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	void secondReleaseSaysThatLockWasNotHeld(TestDatabase database) throws Exception {
		MigrationSession session = session(database, "a");
		session.tryLock();
		assertThat(session.unlock()).isTrue();
		assertThat(session.unlock()).isFalse();
	}

	@Test
	void lockIsFreeAfterHolderConnectionDies(TestDatabase database) throws Exception {
		MigrationSession holder = session(database, "holder");
		MigrationSession waiter = session(database, "waiter");
		holder.tryLock();
		terminate(database, holder.backendPid());
		Awaiting.await("the lock").until(() -> waiter.tryLock() != null);
	}

	@Test
	void noticesThatLockWasDropped(TestDatabase database) throws Exception {
		MigrationSession session = session(database, "a");
		session.tryLock();
		assertThat(session.holdsLock()).isTrue();
		execute(session, "discard all");
		assertThat(session.holdsLock()).isFalse();
		session.rejoin();
		assertThat(session.tryLock()).isNotNull();
		assertThat(session.holdsLock()).isTrue();
	}

	@Test
	void everybodySeesHolderAndWaiters(TestDatabase database) throws Exception {
		MigrationSession holder = session(database, "orders/pod-0");
		MigrationSession waiter = session(database, "orders/pod-1");
		holder.tryLock();
		LockParticipants seen = waiter.watch(null).participants();
		assertThat(seen.holder()).isNotNull();
		assertThat(seen.holder().pid()).isEqualTo(holder.backendPid());
		assertThat(seen.holder().instance()).isEqualTo("orders/pod-0");
		assertThat(seen.holder().user()).isEqualTo(database.username());
		assertThat(seen.holder().since()).isNotNull();
		assertThat(seen.holder().activity()).isEqualTo(Activity.WORKING);
		assertThat(seen.holder().query()).isNotNull();
		assertThat(seen.waiters()).extracting(LockParticipant::pid, LockParticipant::instance)
			.containsExactly(tuple(waiter.backendPid(), "orders/pod-1"));
	}

	/**
	 * Every waiter reads it all every second: 300 of them would send 300 times 300 texts.
	 */
	@Test
	void nobodyReadsTheStatementsOfWaiters(TestDatabase database) throws Exception {
		session(database, "orders/pod-0").tryLock();
		MigrationSession waiter = session(database, "orders/pod-1");
		session(database, "orders/pod-2");
		assertThat(waiter.watch(null).participants().waiters()).hasSize(2)
			.extracting(LockParticipant::query)
			.containsOnlyNulls();
	}

	@Test
	@Tag("security:S24")
	void anotherRoleSeesHolderWithoutItsDetails(TestDatabase database) throws Exception {
		MigrationSession holder = session(database, "orders/pod-0");
		holder.tryLock();
		String role = database.createRole("reader", "login");
		CompletableFuture<Void> working = executeInBackground(holder, "select pg_sleep(60)");
		try (Connection reader = connect(database, role)) {
			LockParticipant seen = Awaiting.await("a working holder")
				.until(() -> LockParticipants.read(reader, KEY, 10).participants().holder(),
						(participant) -> participant.activity() == Activity.WORKING);
			assertThat(seen.instance()).isEqualTo("orders/pod-0");
			assertThat(seen.hiddenFrom()).isEqualTo(role);
			assertThat(seen.query()).isNull();
		}
		holder.cancel();
		assertThat(working).failsWithin(LONG);
	}

	@Test
	void holderThatWaitsForTableIsBlocked(TestDatabase database) throws Exception {
		MigrationSession holder = session(database, "holder");
		holder.tryLock();
		try (Connection reader = database.connect();
				Statement statement = reader.createStatement();
				Connection monitor = database.connect()) {
			statement.execute("create table orders (id int)");
			reader.setAutoCommit(false);
			statement.execute("select * from orders");
			holder.beforeRun();
			CompletableFuture<Void> blocked = executeInBackground(holder, "alter table orders add total int");
			LockParticipant seen = Awaiting.await("a blocked holder")
				.until(() -> LockParticipants.read(monitor, KEY, 10).participants().holder(),
						(participant) -> participant.activity() == Activity.BLOCKED);
			assertThat(seen.query()).isEqualTo("alter table orders add total int");
			reader.rollback();
			assertThat(blocked).succeedsWithin(LONG);
		}
	}

	@Test
	void indexIsBuiltConcurrentlyWhileOthersWait(TestDatabase database) throws Exception {
		MigrationSession holder = session(database, "holder");
		List<MigrationSession> waiters = List.of(session(database, "a"), session(database, "b"));
		holder.tryLock();
		for (MigrationSession waiter : waiters) {
			waiter.listen();
			waiter.watch(null);
			assertThat(waiter.tryLock()).isNull();
		}
		holder.beforeRun();
		execute(holder, "create table orders (id int)");
		CompletableFuture<Void> build = executeInBackground(holder,
				"create index concurrently orders_id on orders (id)");
		assertThat(build).succeedsWithin(LONG);
	}

	@Test
	void waiterSeesHistoryGrow(TestDatabase database) throws Exception {
		database.client().sql("create table history (id int)").update();
		HistoryTable history = new HistoryTable("history", "\"history\"", "max(id)", "id", "id::text");
		MigrationSession waiter = session(database, "waiter");
		assertThat(waiter.tableExists("\"history\"")).isTrue();
		assertThat(waiter.tableExists("\"nothing\"")).isFalse();
		HistoryFingerprint before = waiter.watch(history).history();
		database.client().sql("insert into history values (1)").update();
		assertThat(waiter.watch(history).history()).isNotEqualTo(before).isEqualTo(new HistoryFingerprint(1, "1"));
	}

	@Test
	void waiterCountsOnlyRowsThatRecordUnits(TestDatabase database) throws Exception {
		database.client().sql("create table history (id int, unit boolean)").update();
		database.client().sql("insert into history values (1, false), (2, true)").update();
		HistoryTable history = new HistoryTable("history", "\"history\"", "max(id)", "id", "id::text", "unit");
		MigrationSession waiter = session(database, "waiter");
		assertThat(waiter.watch(history).history()).isEqualTo(new HistoryFingerprint(1, "2"));
		database.client().sql("insert into history values (3, true), (4, false)").update();
		assertThat(waiter.watch(history).history()).isEqualTo(new HistoryFingerprint(2, "4"));
		assertThat(waiter.isRecorded(history, 1, List.of("3"))).isTrue();
		assertThat(waiter.isRecorded(history, 0, List.of("2", "3"))).isTrue();
	}

	@Test
	void waiterSeesWhetherJustItsUnitsWereRecorded(TestDatabase database) throws Exception {
		database.client().sql("create table history (id int)").update();
		database.client().sql("insert into history values (1)").update();
		HistoryTable history = new HistoryTable("history", "\"history\"", "max(id)", "id", "id::text");
		MigrationSession waiter = session(database, "waiter");
		List<String> units = List.of("2", "3");
		assertThat(waiter.isRecorded(history, 1, units)).isFalse();
		database.client().sql("insert into history values (2)").update();
		assertThat(waiter.isRecorded(history, 1, units)).isFalse();
		database.client().sql("insert into history values (3)").update();
		assertThat(waiter.isRecorded(history, 1, units)).isTrue();
		assertThat(waiter.isRecorded(history, 1, List.of("2", "4"))).isFalse();
		assertThat(waiter.isRecorded(history, 1, List.of("1", "2"))).isFalse();
		database.client().sql("insert into history values (4)").update();
		assertThat(waiter.isRecorded(history, 1, units)).isFalse();
	}

	@Test
	void sessionThatOnlyLookedIsLeftAsItWas(TestDatabase database) throws Exception {
		try (Connection connection = database.connect()) {
			KeepingSource source = new KeepingSource(connection);
			MigrationSession session = MigrationSession.open(source);
			session.connection().setAutoCommit(false);
			session.connection().close();
			session.close();
			assertThat(source.givenBack).isTrue();
			assertThat(connection.getAutoCommit()).isTrue();
			assertThat(setting(connection, "statement_timeout")).isEqualTo("0");
			assertThat(setting(connection, "application_name")).isEqualTo("test");
		}
	}

	@Test
	void setsItsSettingsAndRestoresWhatThePoolHadSet(TestDatabase database) throws Exception {
		try (Connection connection = database.connect()) {
			connection.createStatement().execute("set lock_timeout = '77s'");
			connection.createStatement().execute("set search_path = pg_catalog");
			MigrationSession session = MigrationSession.open(new KeepingSource(connection));
			session.prepare(KEY, "a", Map.of("work_mem", "8MB", "my.setting", "x"));
			session.tryLock();
			session.beforeRun();
			assertThat(setting(connection, "lock_timeout")).isEqualTo("77s");
			assertThat(setting(connection, "client_connection_check_interval")).isEqualTo("1s");
			assertThat(setting(connection, "work_mem")).isEqualTo("8MB");
			assertThat(setting(connection, "my.setting")).isEqualTo("x");
			session.close();
			assertThat(setting(connection, "lock_timeout")).isEqualTo("77s");
			assertThat(setting(connection, "search_path")).isEqualTo("pg_catalog");
			assertThat(setting(connection, "work_mem")).isEqualTo("4MB");
			assertThat(setting(connection, "application_name")).isEqualTo("test");
			assertThat(database.superuser()
				.sql("select count(*) from pg_locks where locktype = 'advisory' and database = "
						+ "(select oid from pg_database where datname = current_database())")
				.query(Integer.class)
				.single()).isZero();
		}
	}

	@Test
	void keepsCustomSettingsOfThePool(TestDatabase database) throws Exception {
		try (Connection connection = database.connect()) {
			connection.createStatement().execute("set app.tenant = 'acme'");
			connection.createStatement().execute("set my.setting = 'before'");
			MigrationSession session = MigrationSession.open(new KeepingSource(connection));
			session.prepare(KEY, "a", Map.of("my.setting", "x", "my.other", "y"));
			session.beforeRun();
			assertThat(setting(connection, "app.tenant")).isEqualTo("acme");
			assertThat(setting(connection, "my.setting")).isEqualTo("x");
			assertThat(setting(connection, "my.other")).isEqualTo("y");
			session.close();
			assertThat(setting(connection, "app.tenant")).isEqualTo("acme");
			assertThat(setting(connection, "my.setting")).isEqualTo("before");
			assertThat(setting(connection, "my.other")).isEmpty();
		}
	}

	@Test
	void restoresRoleThatMigrationLeft(TestDatabase database) throws Exception {
		String role = database.createRole("other", "nologin");
		database.superuser().sql("grant %s to %s".formatted(role, database.username())).update();
		try (Connection connection = database.connect()) {
			MigrationSession session = MigrationSession.open(new KeepingSource(connection));
			session.prepare(KEY, "a", Map.of());
			session.beforeRun();
			execute(session, "set role " + role);
			session.close();
			assertThat(setting(connection, "role")).isEqualTo("none");
		}
	}

	@Test
	void restoresWhoIsLoggedIn(TestDatabase database) throws Exception {
		String pool = database.createRole("pool", "nologin");
		String other = database.createRole("other", "nologin");
		database.superuser().sql("alter role %s superuser".formatted(database.username())).update();
		for (String before : List.of(database.username(), pool)) {
			try (Connection connection = database.connect()) {
				execute(connection, "set session authorization " + before);
				MigrationSession session = MigrationSession.open(new KeepingSource(connection));
				session.prepare(KEY, "a", Map.of());
				session.beforeRun();
				execute(session, "set session authorization " + other);
				session.close();
				assertThat(setting(connection, "session_authorization")).isEqualTo(before);
				assertThat(setting(connection, "role")).isEqualTo("none");
			}
		}
	}

	@Test
	void refusesSettingThatServerDoesNotKnow(TestDatabase database) throws Exception {
		MigrationSession session = open(database);
		assertThatExceptionOfType(SessionSettingException.class)
			.isThrownBy(() -> session.prepare(KEY, "a", Map.of("no_such_setting", "1")))
			.satisfies((ex) -> assertThat(ex.getName()).isEqualTo("no_such_setting"))
			.withMessageContaining("unrecognized configuration parameter");
	}

	@Test
	void refusesValueThatServerDoesNotAccept(TestDatabase database) throws Exception {
		MigrationSession session = open(database);
		assertThatExceptionOfType(SessionSettingException.class)
			.isThrownBy(() -> session.prepare(KEY, "a", Map.of("work_mem", "much")))
			.withMessageContaining("The server refused the session setting 'work_mem' with the value 'much'");
	}

	@Test
	void unitAndItsRecordAreCommittedTogether(TestDatabase database) throws Exception {
		MigrationSession session = session(database, "a");
		Connection connection = session.connection();
		connection.setAutoCommit(false);
		session.beginUnit();
		connection.createStatement().execute("create table unit (id int)");
		connection.commit();
		assertThat(tableExists(database, "unit")).isFalse();
		session.commitUnit();
		assertThat(tableExists(database, "unit")).isTrue();
	}

	@Test
	void commitsAreRealOutsideOfUnit(TestDatabase database) throws Exception {
		MigrationSession session = session(database, "a");
		Connection connection = session.connection();
		connection.setAutoCommit(false);
		session.beginUnit();
		connection.createStatement().execute("create table unit (id int)");
		connection.rollback();
		session.abandonUnit();
		connection.createStatement().execute("create table other (id int)");
		connection.commit();
		assertThat(tableExists(database, "unit")).isFalse();
		assertThat(tableExists(database, "other")).isTrue();
	}

	@Test
	void closingToolConnectionKeepsSession(TestDatabase database) throws Exception {
		MigrationSession session = session(database, "a");
		session.tryLock();
		Connection connection = session.connection();
		connection.close();
		assertThat(connection.isClosed()).isTrue();
		assertThat(session.holdsLock()).isTrue();
		assertThat(session.connection().isClosed()).isFalse();
	}

	@Test
	void statementIsCancelledFromAnotherThread(TestDatabase database) throws Exception {
		MigrationSession session = session(database, "a");
		CompletableFuture<Void> statement = executeInBackground(session, "select pg_sleep(60)");
		awaitActive(database, session.backendPid());
		session.cancel();
		assertThat(statement).failsWithin(LONG)
			.withThrowableThat()
			.withStackTraceContaining("canceling statement due to user request");
	}

	@Test
	void waitIsCutFromAnotherThread(TestDatabase database) throws Exception {
		MigrationSession session = session(database, "a");
		session.listen();
		CompletableFuture<Boolean> wait = CompletableFuture.supplyAsync(() -> awaitRelease(session));
		session.abort();
		assertThat(wait).failsWithin(LONG);
		session.close();
		Awaiting.await("no session").until(() -> database.sessions().isEmpty());
	}

	private MigrationSession session(TestDatabase database, String instance) throws SQLException {
		MigrationSession session = open(database);
		session.prepare(KEY, instance, Map.of());
		return session;
	}

	private MigrationSession open(TestDatabase database) throws SQLException {
		PGSimpleDataSource dataSource = (PGSimpleDataSource) database.dataSource();
		dataSource.setApplicationName("session");
		MigrationSession session = MigrationSession.open(new ClosingSource(dataSource.getConnection()));
		this.sessions.add(session);
		return session;
	}

	private static CompletableFuture<Void> executeInBackground(MigrationSession session, String sql) {
		return CompletableFuture.runAsync(() -> {
			try {
				execute(session, sql);
			}
			catch (SQLException ex) {
				throw new IllegalStateException(ex);
			}
		});
	}

	private static void execute(Connection connection, String sql) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
	}

	private static void execute(MigrationSession session, String sql) throws SQLException {
		try (Connection connection = session.connection(); Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
	}

	private static void awaitActive(TestDatabase database, int pid) {
		Awaiting.await("an active session")
			.until(() -> database.superuser()
				.sql("select state = 'active' and query like '%pg_sleep%' from pg_stat_activity where pid = ?")
				.param(pid)
				.query(Boolean.class)
				.single());
	}

	private static void terminate(TestDatabase database, int pid) {
		database.superuser().sql("select pg_terminate_backend(?)").param(pid).query(Boolean.class).single();
	}

	private static Connection connect(TestDatabase database, String role) throws SQLException {
		PGSimpleDataSource dataSource = (PGSimpleDataSource) database.dataSource();
		dataSource.setUser(role);
		return dataSource.getConnection();
	}

	private static String setting(Connection connection, String name) throws SQLException {
		try (Statement statement = connection.createStatement();
				var row = statement.executeQuery("select current_setting('%s')".formatted(name))) {
			row.next();
			return row.getString(1);
		}
	}

	private static boolean tableExists(TestDatabase database, String table) {
		return database.client().sql("select to_regclass(?) is not null").param(table).query(Boolean.class).single();
	}

	/**
	 * A source whose connections can be closed physically.
	 */
	private record ClosingSource(Connection connection) implements ConnectionSource {

		@Override
		public Connection borrow() {
			return this.connection;
		}

		@Override
		public void giveBack(Connection connection) throws SQLException {
			connection.close();
		}

		@Override
		public boolean discard(Connection connection) {
			try {
				connection.close();
				return true;
			}
			catch (SQLException ex) {
				return false;
			}
		}

	}

	/**
	 * A pool that cannot discard a connection and gives it to the next one.
	 */
	private static final class KeepingSource implements ConnectionSource {

		private final Connection connection;

		private boolean givenBack;

		private KeepingSource(Connection connection) {
			this.connection = connection;
		}

		@Override
		public Connection borrow() {
			return this.connection;
		}

		@Override
		public void giveBack(Connection connection) {
			this.givenBack = true;
		}

		@Override
		public boolean discard(Connection connection) {
			return false;
		}

	}

	private static final class RecordingInterceptor implements StatementInterceptor {

		private final List<String> heard = new ArrayList<>();

		@Override
		public @Nullable Object execute(String sql, Execution execution) throws SQLException {
			this.heard.add("execute");
			return execution.execute();
		}

		@Override
		public @Nullable Object executeBatch(String sql, Execution execution) throws SQLException {
			this.heard.add("execute batch");
			return execution.execute();
		}

		@Override
		public void streaming() {
			this.heard.add("streaming");
		}

		@Override
		public @Nullable Object ask(Execution execution) throws SQLException {
			this.heard.add("ask");
			return execution.execute();
		}

		@Override
		public void bypassed() {
			this.heard.add("bypassed");
		}

		@Override
		public void limitsTime() {
		}

		@Override
		public boolean mayHaveDeferredChecks() {
			return true;
		}

		@Override
		public void commit(Execution execution) throws SQLException {
			this.heard.add("commit");
			execution.execute();
		}

		@Override
		public void rolledBack(boolean completely) {
			this.heard.add(completely ? "rolled back" : "rolled back to savepoint");
		}

	}

}
