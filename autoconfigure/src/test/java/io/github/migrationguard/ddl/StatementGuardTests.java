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

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

import io.github.migrationguard.ddl.BlockedStatement.Reason;
import io.github.migrationguard.lock.StatementInterceptor.Execution;
import io.github.migrationguard.testsupport.EmbeddedPostgresTest;
import io.github.migrationguard.testsupport.TestDatabase;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link StatementGuard}.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
class StatementGuardTests {

	private final List<String> heard = new ArrayList<>();

	private Connection connection;

	private Connection other;

	private StatementGuard guard;

	@BeforeEach
	void connect(TestDatabase database) throws SQLException {
		this.connection = database.dataSource().getConnection();
		this.other = database.dataSource().getConnection();
		execute(this.other, "create table orders (id int)");
		this.guard = new StatementGuard(this.connection, Duration.ofMillis(300),
				(unit, statement, inTransaction) -> this.heard.add(unit.isFirstStatement() ? "first" : "later"));
	}

	@AfterEach
	void close() throws SQLException {
		this.connection.close();
		this.other.close();
	}

	@Test
	void onlyOwnStatementsHaveLockTimeout() throws SQLException {
		this.guard.start(new Unit("unit", true));
		assertThat(lockTimeout()).isEqualTo("0");
		this.guard.unit().ownStatements();
		assertThat(lockTimeout()).isEqualTo("300ms");
		this.guard.unit().recordStatements();
		assertThat(lockTimeout()).isEqualTo("0");
	}

	@Test
	void lockTimeoutIsThereAgainAfterRollback() throws SQLException {
		this.connection.setAutoCommit(false);
		this.guard.start(new Unit("unit", true));
		this.guard.unit().ownStatements();
		assertThat(lockTimeout()).isEqualTo("300ms");
		this.connection.rollback();
		this.guard.rolledBack(true);
		assertThat(lockTimeout()).isEqualTo("300ms");
	}

	@Test
	void lockTimeoutIsOffForToolAfterRollback() throws SQLException {
		this.connection.setAutoCommit(false);
		this.guard.start(new Unit("unit", true));
		this.guard.unit().ownStatements();
		assertThat(lockTimeout()).isEqualTo("300ms");
		this.guard.commit(() -> {
			this.connection.commit();
			return null;
		});
		this.guard.end();
		assertThat(lockTimeout()).isEqualTo("0");
		this.connection.rollback();
		this.guard.rolledBack(true);
		assertThat(query(this.connection, "show lock_timeout")).isEqualTo("300ms");
		assertThat(lockTimeout()).isEqualTo("0");
	}

	@Test
	void lockTimeoutIsKnownAfterRollbackToSavepoint() throws SQLException {
		this.connection.setAutoCommit(false);
		this.guard.start(new Unit("unit", true));
		assertThat(lockTimeout()).isEqualTo("0");
		Savepoint savepoint = this.connection.setSavepoint();
		this.guard.unit().ownStatements();
		assertThat(lockTimeout()).isEqualTo("300ms");
		this.connection.rollback(savepoint);
		this.guard.rolledBack(false);
		assertThat(lockTimeout()).isEqualTo("300ms");
	}

	@Test
	void lockTimeoutIsOffForToolAfterSettingsWereRestored() throws SQLException {
		assertThat(lockTimeout()).isEqualTo("0");
		execute(this.connection, "set lock_timeout = '7s'");
		this.guard.forgetSettings();
		assertThat(lockTimeout()).isEqualTo("0");
	}

	@Test
	void transactionCanBeSetBeforeAnyQuery() throws SQLException {
		this.connection.setAutoCommit(false);
		this.guard.start(new Unit("unit", true));
		this.guard.unit().ownStatements();
		tool("set transaction isolation level serializable");
		assertThat(lockTimeout()).isEqualTo("300ms");
		assertThat(query(this.connection, "show transaction_isolation")).isEqualTo("serializable");
	}

	@Test
	void lockTimeoutOfUnitIsRespectedInItAndGoneAfterIt() throws SQLException {
		this.guard.start(new Unit("unit", false));
		this.guard.unit().ownStatements();
		tool("set lock_timeout = '7s'");
		assertThat(lockTimeout()).isEqualTo("7s");
		this.guard.unit().recordStatements();
		assertThat(lockTimeout()).isEqualTo("0");
		this.guard.start(new Unit("unit", false));
		this.guard.unit().ownStatements();
		assertThat(lockTimeout()).isEqualTo("300ms");
	}

	@Test
	void concurrentStatementHasNoLockTimeout() throws SQLException {
		this.guard.start(new Unit("unit", false));
		this.guard.unit().ownStatements();
		lockTimeout();
		this.guard.execute("create index concurrently i on orders (id)", () -> {
			assertThat(query(this.connection, "show lock_timeout")).isEqualTo("0");
			return null;
		});
	}

	@Test
	void locksAreInDoubtAfterAnythingButDefinitions() throws SQLException {
		assertThat(isLockInDoubt()).isTrue();
		this.guard.start(new Unit("unit", true));
		this.guard.unit().ownStatements();
		tool("create table customers (id int)");
		assertThat(isLockInDoubt()).isFalse();
		tool("insert into customers values (1)");
		assertThat(isLockInDoubt()).isTrue();
		assertThat(isLockInDoubt()).isFalse();
		this.guard.end();
		tool("select 1");
		assertThat(isLockInDoubt()).isFalse();
		this.guard.start(new Unit("unit", true));
		tool("show search_path");
		assertThat(isLockInDoubt()).isFalse();
		tool("select 1");
		assertThat(isLockInDoubt()).isTrue();
		this.guard.end();
		this.guard.bypassed();
		assertThat(isLockInDoubt()).isTrue();
		this.guard.forgetSettings();
		assertThat(isLockInDoubt()).isTrue();
	}

	/**
	 * Return whether the locks are in doubt, and check them.
	 */
	private boolean isLockInDoubt() {
		boolean inDoubt = this.guard.isLockInDoubt();
		this.guard.lockChecked();
		return inDoubt;
	}

	@Test
	void nothingIsLeftToBeCheckedAfterDefinitionsAlone() throws SQLException {
		this.guard.start(new Unit("unit", true));
		this.guard.unit().ownStatements();
		tool("create table customers (id int)");
		assertThat(this.guard.mayHaveDeferredChecks()).isFalse();
		tool("insert into customers values (1)");
		assertThat(this.guard.mayHaveDeferredChecks()).isTrue();
		this.guard.start(new Unit("unit", true));
		assertThat(this.guard.mayHaveDeferredChecks()).isFalse();
		this.guard.unit().ownStatements();
		this.guard.bypassed();
		assertThat(this.guard.mayHaveDeferredChecks()).isTrue();
	}

	@Test
	void timeoutIsRemembered() throws SQLException {
		lockOrders();
		this.guard.start(new Unit("unit", true));
		this.guard.unit().ownStatements();
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> tool("alter table orders add total int"));
		BlockedStatement blocked = this.guard.unit().blocked();
		assertThat(blocked.reason()).isEqualTo(Reason.LOCK_TIMEOUT);
		assertThat(blocked.repeatable()).isTrue();
		assertThat(blocked.intended()).isFalse();
		assertThat((Throwable) this.guard.unit().cancelled()).isNull();
		this.guard.start(new Unit("unit", true));
		assertThat(this.guard.unit().blocked()).isNull();
	}

	@Test
	void timeoutThatUnitHasSetItselfIsIntended() throws SQLException {
		lockOrders();
		this.guard.start(new Unit("unit", true));
		this.guard.unit().ownStatements();
		tool("set lock_timeout = '100ms'");
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> tool("alter table orders add total int"));
		assertThat(this.guard.unit().blocked().intended()).isTrue();
	}

	@Test
	void nothingIsDoneAfterFailureThatWasIgnored() throws SQLException {
		lockOrders();
		this.guard.start(new Unit("unit", false));
		this.guard.unit().ownStatements();
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> tool("alter table orders add total int"));
		SQLException failure = this.guard.unit().blocked().failure();
		assertRefused(failure);
		assertThat(this.guard.unit().blocked().repeatable()).isTrue();
		assertThat(this.guard.unit().isUndone()).isTrue();
		this.guard.start(new Unit("unit", false));
		tool("create table items (id int)");
	}

	@Test
	void nothingIsDoneAfterCancelThatWasIgnored() throws SQLException {
		this.guard.start(new Unit("unit", false));
		this.guard.unit().ownStatements();
		SQLException cancel = userCancel();
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> this.guard.execute("select version()", () -> {
			throw cancel;
		}));
		assertRefused(cancel);
		assertThat(this.guard.unit().isUndone()).isTrue();
		assertThat(this.guard.unit().failedStatement().executed()).isZero();
		this.guard.unit().recordStatements();
		tool("insert into orders values (1)");
	}

	private void assertRefused(SQLException failure) throws SQLException {
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> tool("create table items (id int)"))
			.isSameAs(failure);
		assertThatExceptionOfType(SQLException.class).isThrownBy(this.guard::bypassed).isSameAs(failure);
		assertThat(query(this.other, "select to_regclass('items')")).isNull();
	}

	@Test
	void unitGoesOnAfterTimeoutThatItHasSetItself() throws SQLException {
		lockOrders();
		this.guard.start(new Unit("unit", false));
		this.guard.unit().ownStatements();
		tool("set lock_timeout = '100ms'");
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> tool("alter table orders add total int"));
		tool("create table items (id int)");
		assertThat(query(this.other, "select to_regclass('items')")).isEqualTo("items");
	}

	@Test
	void unitWithoutTransactionIsRepeatableIfItsFirstStatementWasBlocked() throws SQLException {
		lockOrders();
		this.guard.start(new Unit("unit", false));
		this.guard.unit().ownStatements();
		tool("set statement_timeout = 0");
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> tool("alter table orders add total int"));
		assertThat(this.guard.unit().blocked().repeatable()).isTrue();
		assertThat(this.guard.unit().isUndone()).isTrue();
		this.guard.start(new Unit("unit", false));
		this.guard.unit().ownStatements();
		tool("create table items (id int)");
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> tool("alter table orders add total int"));
		assertThat(this.guard.unit().blocked().repeatable()).isFalse();
		assertThat(this.guard.unit().isUndone()).isFalse();
		assertThat(this.heard).containsExactly("first", "first", "later");
	}

	@Test
	void unitThatHasCommittedIsCutOnlyIfOthersQueue() throws SQLException {
		this.connection.setAutoCommit(false);
		startUnitWithTable();
		assertThat(limit()).isEqualTo(WaitLimit.LOCK_TIMEOUT);
		tool("commit");
		assertThat(limit()).isEqualTo(WaitLimit.QUEUE);
		startUnitWithTable();
		this.connection.rollback();
		this.guard.rolledBack(true);
		tool("commit");
		assertThat(limit()).isEqualTo(WaitLimit.LOCK_TIMEOUT);
		startUnitWithTable();
		this.guard.commit(() -> {
			this.connection.commit();
			return null;
		});
		assertThat(limit()).isEqualTo(WaitLimit.QUEUE);
		this.connection.setAutoCommit(true);
		startUnitWithTable();
		assertThat(limit()).isEqualTo(WaitLimit.QUEUE);
	}

	private void startUnitWithTable() throws SQLException {
		this.guard.start(new Unit("unit", true));
		this.guard.unit().ownStatements();
		tool("drop table if exists items; create table items (id int)");
	}

	private WaitLimit limit() {
		return this.guard.unit().limit(DdlStatement.of("alter table orders add total int"), true, false);
	}

	@Test
	void blockedStatementOutsideTransactionIsRepeatedByItself() throws SQLException {
		lockOrders();
		StatementGuard guard = new StatementGuard(this.connection, Duration.ofMillis(100),
				new StatementGuard.Listener() {

					@Override
					public void beforeOwnStatement(Unit unit, DdlStatement statement, boolean inTransaction) {
					}

					@Override
					public boolean awaitRetry(Unit unit) throws SQLException {
						assertThat(unit.blocked().repeatable()).isFalse();
						StatementGuardTests.this.other.rollback();
						return true;
					}

				});
		guard.start(new Unit("unit", false));
		guard.unit().ownStatements();
		for (String sql : List.of("create table items (id int)", "alter table orders add total int")) {
			guard.execute(sql, () -> {
				execute(this.connection, sql);
				return null;
			});
		}
		assertThat(guard.unit().blocked()).isNull();
		assertThat(guard.unit().failedStatement()).isNull();
	}

	@Test
	void blockedTextIsNotRepeatableIfItMayHaveCommitted() throws SQLException {
		lockOrders();
		this.guard.start(new Unit("unit", false));
		this.guard.unit().ownStatements();
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> tool(
				"create table items (id int); commit; set lock_timeout = 100; alter table orders add total int"));
		assertThat(this.guard.unit().blocked().repeatable()).isFalse();
		assertThat(this.guard.unit().isUndone()).isFalse();
	}

	@Test
	void blockedBatchIsNotRepeatableIfItMayHaveCommitted() throws SQLException {
		lockOrders();
		this.guard.start(new Unit("unit", false));
		this.guard.unit().ownStatements();
		assertThatExceptionOfType(SQLException.class).isThrownBy(
				() -> this.guard.executeBatch("create table items (id int); alter table orders add total int", () -> {
					assertThat(query(this.connection, "show lock_timeout")).isEqualTo("0");
					execute(this.connection, "create table items (id int)");
					execute(this.connection, "lock table orders nowait");
					return null;
				}));
		assertThat(this.guard.unit().blocked()).isNull();
		assertThat(this.guard.unit().failedStatement().mayBeCommitted()).isTrue();
		assertThat(this.guard.unit().isUndone()).isFalse();
	}

	@Test
	void whatIsSentPastItHasNoLockTimeoutAndIsWatched() throws SQLException {
		this.guard.start(new Unit("unit", true));
		this.guard.unit().ownStatements();
		lockTimeout();
		this.guard.bypassed();
		assertThat(query(this.connection, "show lock_timeout")).isEqualTo("0");
		assertThat(this.guard.running()).isNotNull();
		assertThat(lockTimeout()).isEqualTo("300ms");
		assertThat(this.guard.running()).isNull();
	}

	@Test
	void cancelOfOursIsBlockAndThatOfAnotherIsNot() throws Exception {
		lockOrders();
		this.guard.setLockTimeout(Duration.ofMinutes(1));
		int pid = Integer.parseInt(query(this.connection, "select pg_backend_pid()"));
		this.guard.start(new Unit("unit", true));
		this.guard.unit().ownStatements();
		CompletableFuture<String> blocked = alterOrders();
		RunningStatement running = awaitWaiting(pid);
		assertThat(this.guard.cancel(running, () -> cancel(pid))).isTrue();
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> blocked.get(10, TimeUnit.SECONDS));
		assertThat(this.guard.unit().blocked().reason()).isEqualTo(Reason.STALL);
		assertThat(this.guard.cancel(running, () -> cancel(pid))).isFalse();
		this.guard.start(new Unit("unit", true));
		this.guard.unit().ownStatements();
		CompletableFuture<String> cancelled = alterOrders();
		awaitWaiting(pid);
		cancel(pid);
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> cancelled.get(10, TimeUnit.SECONDS));
		assertThat(this.guard.unit().blocked()).isNull();
		assertThat((Throwable) this.guard.unit().cancelled()).isNotNull();
	}

	@Test
	void cancelThatComesTooLateHitsNothing() throws Exception {
		int pid = Integer.parseInt(query(this.connection, "select pg_backend_pid()"));
		this.guard.start(new Unit("unit", false));
		this.guard.unit().ownStatements();
		this.guard.execute("create table items (id int)", () -> {
			execute(this.connection, "create table items (id int)");
			this.guard.cancel(this.guard.running(), () -> cancel(pid));
			return null;
		});
		this.guard.unit().recordStatements();
		assertThat(tool("select count(*) from items")).isEqualTo("0");
		assertThat(this.guard.unit().blocked()).isNull();
		assertThat((Throwable) this.guard.unit().cancelled()).isNull();
	}

	@Test
	void recordOfUnitWithoutTransactionFollowsEvenIfItIsCancelled() throws SQLException {
		this.connection.setAutoCommit(false);
		this.guard.start(new Unit("unit", false));
		this.guard.unit().recordStatements();
		int[] attempts = new int[1];
		this.guard.execute("insert into orders values (1)", () -> {
			if (attempts[0]++ == 0) {
				throw userCancel();
			}
			execute(this.connection, "insert into orders values (1)");
			return null;
		});
		this.connection.commit();
		assertThat(query(this.other, "select count(*) from orders")).isEqualTo("1");
		assertThat((Throwable) this.guard.unit().cancelled()).isNotNull();
	}

	@Test
	void recordFollowsEvenIfTheRollbackIsCancelledAsWell() throws SQLException {
		AtomicInteger rollbacks = new AtomicInteger();
		AtomicInteger attempts = new AtomicInteger();
		record(failing("rollback", () -> rollbacks.incrementAndGet() == 1, false), () -> {
			if (attempts.incrementAndGet() == 1) {
				throw userCancel();
			}
			execute(this.connection, "insert into orders values (1)");
			return null;
		});
		assertThat(rollbacks).hasValue(2);
		assertThat(query(this.other, "select count(*) from orders")).isEqualTo("1");
	}

	@Test
	void recordIsNotRepeatedIfItsCommitWasCancelledTooLate() throws SQLException {
		this.connection.setAutoCommit(false);
		Connection cancelledTooLate = (Connection) Proxy.newProxyInstance(getClass().getClassLoader(),
				new Class<?>[] { Connection.class }, (proxy, method, args) -> {
					Object result = method.invoke(this.connection, args);
					if (method.getName().equals("commit")) {
						throw userCancel();
					}
					return result;
				});
		StatementGuard guard = new StatementGuard(cancelledTooLate, Duration.ofMillis(300),
				(unit, statement, inTransaction) -> {
				});
		guard.start(new Unit("unit", false));
		guard.unit().recordStatements();
		guard.execute("insert into orders values (1)", () -> {
			execute(this.connection, "insert into orders values (1)");
			return null;
		});
		assertThat(query(this.other, "select count(*) from orders")).isEqualTo("1");
		assertThat((Throwable) guard.unit().cancelled()).isNotNull();
	}

	@Test
	void recordIsRepeatedIfItsCommitWasCancelledInTime() throws SQLException {
		AtomicInteger commits = new AtomicInteger();
		record(failing("commit", () -> commits.incrementAndGet() == 1, false));
		assertThat(commits).hasValue(2);
		assertThat(query(this.other, "select count(*) from orders")).isEqualTo("1");
	}

	@Test
	void recordIsNotRepeatedIfTheQuestionForItWasCancelledAsWell() throws SQLException {
		AtomicInteger questions = new AtomicInteger();
		Connection cancelledTooLate = failing("commit", () -> true, true);
		record((Connection) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] { Connection.class },
				(proxy, method, args) -> {
					boolean asked = args != null && String.valueOf(args[0]).contains("pg_xact_status");
					if (asked && questions.incrementAndGet() == 1) {
						throw userCancel();
					}
					return invoke(method, cancelledTooLate, args);
				}));
		assertThat(questions).hasValue(2);
		assertThat(query(this.other, "select count(*) from orders")).isEqualTo("1");
	}

	/**
	 * Return a connection of which a method is cancelled: after it was executed, or
	 * before, which leaves its transaction aborted.
	 */
	private Connection failing(String name, BooleanSupplier fails, boolean late) {
		return (Connection) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] { Connection.class },
				(proxy, method, args) -> {
					if (!method.getName().equals(name) || !fails.getAsBoolean()) {
						return invoke(method, this.connection, args);
					}
					if (late) {
						invoke(method, this.connection, args);
					}
					else {
						assertThatExceptionOfType(SQLException.class)
							.isThrownBy(() -> execute(this.connection, "select 1 / 0"));
					}
					throw userCancel();
				});
	}

	private static Object invoke(Method method, Connection connection, Object[] args) throws Throwable {
		try {
			return method.invoke(connection, args);
		}
		catch (InvocationTargetException ex) {
			throw ex.getTargetException();
		}
	}

	private static SQLException userCancel() {
		return new SQLException("canceling statement due to user request", "57014");
	}

	private void record(Connection connection) throws SQLException {
		record(connection, () -> {
			execute(this.connection, "insert into orders values (1)");
			return null;
		});
	}

	private void record(Connection connection, Execution insert) throws SQLException {
		this.connection.setAutoCommit(false);
		StatementGuard guard = new StatementGuard(connection, Duration.ofMillis(300),
				(unit, statement, inTransaction) -> {
				});
		guard.start(new Unit("unit", false));
		guard.unit().recordStatements();
		guard.execute("insert into orders values (1)", insert);
	}

	@Test
	void recordOfUnitWithoutTransactionThatFailsTellsHowMuchIsDone() throws SQLException {
		this.guard.start(new Unit("unit", false));
		this.guard.unit().ownStatements();
		tool("create table customers (id int)");
		tool("create table products (id int)");
		this.guard.unit().recordStatements();
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> tool("insert into nowhere values (1)"));
		assertThat(this.guard.unit().failedStatement())
			.isEqualTo(new FailedStatement("insert into nowhere values (1)", 2, false));
	}

	@Test
	void recordOfTransactionalUnitIsNotRepeatedWithoutTheUnit() {
		this.guard.start(new Unit("unit", true));
		this.guard.unit().recordStatements();
		assertThatExceptionOfType(SQLException.class)
			.isThrownBy(() -> this.guard.execute("insert into orders values (1)", () -> {
				throw userCancel();
			}));
		assertThat((Throwable) this.guard.unit().cancelled()).isNotNull();
	}

	private void lockOrders() throws SQLException {
		this.other.setAutoCommit(false);
		query(this.other, "select count(*) from orders");
	}

	private CompletableFuture<String> alterOrders() {
		return CompletableFuture.supplyAsync(() -> {
			try {
				return tool("alter table orders add total int");
			}
			catch (SQLException ex) {
				throw new IllegalStateException(ex);
			}
		});
	}

	private RunningStatement awaitWaiting(int pid) {
		Awaitility.await()
			.until(() -> "1"
				.equals(query(this.other, "select count(*) from pg_locks where not granted and pid = " + pid)));
		return this.guard.running();
	}

	private boolean cancel(int pid) throws SQLException {
		return "t".equals(query(this.other, "select pg_cancel_backend(%d)".formatted(pid)));
	}

	/**
	 * Return the lock timeout with which a statement is executed.
	 */
	private String lockTimeout() throws SQLException {
		return (String) this.guard.execute("alter table orders alter id type int",
				() -> query(this.connection, "show lock_timeout"));
	}

	/**
	 * Execute a statement as a tool does.
	 */
	private String tool(String sql) throws SQLException {
		return (String) this.guard.execute(sql, () -> {
			if (sql.startsWith("s") && !sql.startsWith("set")) {
				return query(this.connection, sql);
			}
			execute(this.connection, sql);
			return null;
		});
	}

	private static void execute(Connection connection, String sql) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
	}

	private static String query(Connection connection, String sql) throws SQLException {
		try (Statement statement = connection.createStatement(); ResultSet row = statement.executeQuery(sql)) {
			row.next();
			return row.getString(1);
		}
	}

}
