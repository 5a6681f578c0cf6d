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

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.Map;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/**
 * One physical PostgreSQL connection that looks, waits, holds the advisory lock and runs
 * the migration. As the lock and the DDL share the session, the lock lives exactly as
 * long as the DDL: the server never gives it to somebody else while a statement of a dead
 * holder still runs.
 * <p>
 * A session never blocks in {@code pg_advisory_lock} and never waits inside a
 * transaction: both hold a snapshot, for which the {@code CREATE INDEX CONCURRENTLY} of
 * the holder would wait for ever. It is used by one thread; only {@link #cancel()} and
 * {@link #abort()} may be called from others.
 *
 * @author Migration Guard
 * @since 0.1.0
 * @see <a href=
 * "https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS">Advisory
 * Locks</a>
 * @see <a href=
 * "https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY">Building
 * Indexes Concurrently</a>
 */
public final class MigrationSession implements AutoCloseable {

	private static final Log logger = LogFactory.getLog(MigrationSession.class);

	private static final String TRY_LOCK = "select pg_try_advisory_lock(?, ?), clock_timestamp()";

	private static final String REGISTER_PRESENCE = "select pg_try_advisory_lock_shared(?, ?), clock_timestamp()";

	private static final String HOLDS_LOCK = """
			select exists (select from pg_locks where locktype = 'advisory' and pid = pg_backend_pid() and granted
			  and mode = 'ExclusiveLock' and classid::bigint = ? and objid::bigint = ? and objsubid = 2)""";

	private static final String TRY_LOCK_IN_TRANSACTION = "select pg_try_advisory_xact_lock(?, ?)";

	/**
	 * One statement, so that the notification is sent right when the lock is free.
	 */
	private static final String UNLOCK = "select pg_advisory_unlock(?, ?), pg_notify(?, '')";

	private static final String UNLOCK_ALL = "select pg_advisory_unlock_all()";

	private static final String TABLE_EXISTS = "select to_regclass(?) is not null";

	private static final String BACKEND = """
			select pg_backend_pid(), coalesce((extract(epoch from backend_start) * 1000000)::bigint, 0)
			from pg_stat_activity where pid = pg_backend_pid()""";

	private static final String SERVER = "select pg_backend_pid(), pg_is_in_recovery()";

	/**
	 * What a standby answers to {@code LISTEN}.
	 */
	private static final String READ_ONLY = "25006";

	private static final int WATCH_TIMEOUT_SECONDS = 10;

	/**
	 * Bounds what a waiter may wait for a table lock, never set while a migration runs.
	 */
	private static final String WAITER_LOCK_TIMEOUT = "2s";

	private final ConnectionSource source;

	private final Connection connection;

	private final boolean autoCommit;

	private final int networkTimeout;

	private final UnitTransaction unit = new UnitTransaction();

	private @Nullable StatementInterceptor interceptor;

	private @Nullable Prepared prepared;

	/**
	 * Set while the session only polls: statements that are prepared under a name would
	 * stay in the session of somebody else.
	 */
	private @Nullable Integer prepareThreshold;

	private @Nullable Instant lockedSince;

	private boolean lockDropped;

	private volatile boolean defunct;

	private MigrationSession(ConnectionSource source, Connection connection) throws SQLException {
		this.source = source;
		this.connection = connection;
		this.autoCommit = connection.getAutoCommit();
		this.networkTimeout = connection.getNetworkTimeout();
		NetworkTimeout.limit(connection);
	}

	/**
	 * Borrow a connection. Nothing is sent to the server yet: a session that only looks
	 * leaves the connection as it was. Until it is given back a server that does not
	 * answer is borne for a limited time only, except while a statement is executed that
	 * is watched, see {@link NetworkTimeout}.
	 * @param source where the connection comes from
	 * @return the session
	 * @throws SQLException if there is no connection
	 */
	public static MigrationSession open(ConnectionSource source) throws SQLException {
		Connection connection = source.borrow();
		try {
			MigrationSession session = new MigrationSession(source, connection);
			if (!session.autoCommit) {
				// The init SQL of a pool without autocommit would go with the first
				// rollback
				connection.commit();
			}
			return session;
		}
		catch (SQLException | RuntimeException ex) {
			connection.close();
			throw ex;
		}
	}

	/**
	 * Return a connection for a migration tool: this session, with {@code close()}
	 * suppressed and the commits of a unit withheld as {@link #beginUnit()} says. Not to
	 * be called while another one is {@link #isInTransaction() in a transaction}.
	 * @return the connection
	 * @throws SQLException if the session is lost
	 */
	public Connection connection() throws SQLException {
		return SessionConnection.of(this.connection, this.unit, this.prepared != null || this.autoCommit,
				this.interceptor);
	}

	/**
	 * Return whether a connection is that of a session, and none of its own.
	 * @param connection the connection
	 * @return whether {@link #connection()} has returned it
	 */
	public static boolean isSession(Connection connection) {
		return Proxy.isProxyClass(connection.getClass())
				&& Proxy.getInvocationHandler(connection) instanceof SessionConnection;
	}

	/**
	 * Return whether the session has begun a transaction. Nothing is sent.
	 * @return whether a transaction is open
	 * @throws SQLException if the session is lost
	 */
	public boolean isInTransaction() throws SQLException {
		return SessionConnection.isInTransaction(this.connection);
	}

	/**
	 * Let something be round the statements of connections that are opened from now on.
	 * @param interceptor the interceptor, or {@code null} for none
	 */
	public void intercept(@Nullable StatementInterceptor interceptor) {
		this.interceptor = interceptor;
		NetworkTimeout.limit(this.connection);
	}

	/**
	 * Make the session one that can wait for the lock and hold it: settings, name and
	 * presence.
	 * @param key the key of the lock
	 * @param instance the name of the instance
	 * @param settings settings of the server that override the defaults
	 * @throws SessionSettingException if the server refuses one of the settings
	 * @throws SQLException if the database cannot be asked
	 */
	public void prepare(LockKey key, String instance, Map<String, String> settings) throws SQLException {
		prepare(key, ParticipantName.Role.WAITER, instance, settings);
	}

	/**
	 * Make the session one that waits for what the holders of the lock do and never takes
	 * it: settings, name and presence.
	 * @param key the key of the lock
	 * @param instance the name of the instance
	 * @param settings settings of the server that override the defaults
	 * @throws SessionSettingException if the server refuses one of the settings
	 * @throws SQLException if the database cannot be asked
	 */
	public void prepareToFollow(LockKey key, String instance, Map<String, String> settings) throws SQLException {
		prepare(key, ParticipantName.Role.FOLLOWER, instance, settings);
	}

	/**
	 * Make the session one that sees what the holders of the lock do, without any state
	 * of its own: it is not seen and not notified. Behind a pooler of transactions
	 * nothing else is possible.
	 * @param key the key of the lock
	 * @param instance the name of the instance
	 * @throws SQLException if the connection is lost
	 */
	public void prepareToPoll(LockKey key, String instance) throws SQLException {
		this.connection.setAutoCommit(true);
		this.prepared = new Prepared(key, ParticipantName.Role.FOLLOWER, instance,
				new SessionSettings(this.connection, Map.of()));
		this.prepareThreshold = unwrap().getPrepareThreshold();
		unwrap().setPrepareThreshold(0);
	}

	private void prepare(LockKey key, ParticipantName.Role role, String instance, Map<String, String> settings)
			throws SQLException {
		this.connection.setAutoCommit(true);
		SessionSettings sessionSettings = new SessionSettings(this.connection, settings);
		sessionSettings.save();
		this.prepared = new Prepared(key, role, instance, sessionSettings);
		join();
	}

	/**
	 * Take part again after the lock was lost: whatever a migration did to the session is
	 * undone.
	 * @throws SQLException if the database cannot be asked
	 */
	public void rejoin() throws SQLException {
		rollback();
		this.lockedSince = null;
		this.lockDropped = false;
		execute(UNLOCK_ALL);
		prepared().settings().restore();
		join();
	}

	private void join() throws SQLException {
		SessionSettings settings = prepared().settings();
		settings.apply();
		settings.set("lock_timeout", WAITER_LOCK_TIMEOUT);
		announce(prepared().role(), registerPresence(prepared().key()));
	}

	private Instant registerPresence(LockKey key) throws SQLException {
		try (PreparedStatement statement = this.connection.prepareStatement(REGISTER_PRESENCE)) {
			statement.setInt(1, key.presenceNamespace());
			statement.setInt(2, key.hash());
			try (ResultSet row = statement.executeQuery()) {
				row.next();
				return row.getObject(2, OffsetDateTime.class).toInstant();
			}
		}
	}

	private void announce(ParticipantName.Role role, Instant since) throws SQLException {
		prepared().settings()
			.set("application_name", ParticipantName.of(role, since, prepared().instance()).toString());
	}

	/**
	 * Try to take the lock, without waiting.
	 * @return since when the lock is ours by the server's clock, or {@code null} if
	 * somebody else has it
	 * @throws SQLException if the database cannot be asked
	 */
	public @Nullable Instant tryLock() throws SQLException {
		Instant since = takeLock();
		if (since != null) {
			this.lockedSince = since;
			announce(ParticipantName.Role.HOLDER, since);
		}
		return since;
	}

	private @Nullable Instant takeLock() throws SQLException {
		LockKey key = prepared().key();
		try (PreparedStatement statement = this.connection.prepareStatement(TRY_LOCK)) {
			statement.setInt(1, key.namespace());
			statement.setInt(2, key.hash());
			try (ResultSet row = statement.executeQuery()) {
				row.next();
				return row.getBoolean(1) ? row.getObject(2, OffsetDateTime.class).toInstant() : null;
			}
		}
	}

	/**
	 * Return whether the database says that this session holds the lock, and did so all
	 * the time. A migration that executes {@code DISCARD ALL} or
	 * {@code pg_advisory_unlock_all()} drops it.
	 * @return whether the lock is held
	 * @throws SQLException if the database cannot be asked
	 */
	public boolean holdsLock() throws SQLException {
		return !this.lockDropped && hasLock();
	}

	private boolean hasLock() throws SQLException {
		LockKey key = prepared().key();
		try (PreparedStatement statement = this.connection.prepareStatement(HOLDS_LOCK)) {
			statement.setLong(1, key.namespace());
			statement.setLong(2, Integer.toUnsignedLong(key.hash()));
			try (ResultSet row = statement.executeQuery()) {
				row.next();
				return row.getBoolean(1);
			}
		}
	}

	/**
	 * Hold the lock, which is held, a second time until the current transaction ends: no
	 * statement can release that one.
	 * @throws SQLException if the database cannot be asked
	 */
	public void keepLockInTransaction() throws SQLException {
		LockKey key = prepared().key();
		try (PreparedStatement statement = this.connection.prepareStatement(TRY_LOCK_IN_TRANSACTION)) {
			statement.setInt(1, key.namespace());
			statement.setInt(2, key.hash());
			statement.execute();
		}
	}

	/**
	 * Take the lock again at once if a migration has dropped it, before somebody else
	 * does. It counts as lost all the same until the session has {@link #rejoin() joined
	 * again}: other things than the lock may have been dropped with it.
	 * @return {@code false} if somebody else has it
	 * @throws SQLException if the database cannot be asked
	 */
	public boolean keepLock() throws SQLException {
		if (hasLock()) {
			return true;
		}
		this.lockDropped = true;
		Instant since = takeLock();
		if (since != null) {
			registerPresence(prepared().key());
			announce(ParticipantName.Role.HOLDER, since);
		}
		return since != null;
	}

	/**
	 * Start to listen for the release of the lock, unless the session only polls. On a
	 * standby nothing is notified.
	 * @throws SQLException if the database cannot be asked
	 */
	public void listen() throws SQLException {
		if (isPolling()) {
			return;
		}
		try {
			execute("listen " + prepared().key().channel());
		}
		catch (SQLException ex) {
			if (!READ_ONLY.equals(ex.getSQLState())) {
				throw ex;
			}
			logger.debug("The server is a standby, the release of the lock will not be notified", ex);
		}
	}

	/**
	 * Wait for the release of the lock to be notified. The session is idle meanwhile and
	 * holds no snapshot.
	 * @param timeout how long to wait at most, rounded to milliseconds
	 * @return whether a release was notified
	 * @throws SQLException if the connection is lost
	 */
	public boolean awaitRelease(Duration timeout) throws SQLException {
		PGNotification[] notifications = unwrap().getNotifications(Math.toIntExact(Math.max(1, timeout.toMillis())));
		return notifications != null && notifications.length > 0;
	}

	/**
	 * See in one statement who holds the lock, who waits and whether the history changed.
	 * @param history the history table, or {@code null} if it does not exist
	 * @return what was seen
	 * @throws SQLException if the database cannot be asked
	 */
	public LockWatch watch(@Nullable HistoryTable history) throws SQLException {
		if (history == null) {
			LockParticipants.Reader reader = LockParticipants.read(this.connection, prepared().key(),
					WATCH_TIMEOUT_SECONDS);
			return new LockWatch(reader.participants(), reader.contenders(), HistoryFingerprint.EMPTY);
		}
		String sql = """
				select w.*, h.* from (%s) w
				right join (select count(*) filter (where %s) as history_count, %s as history_last from %s) h on true"""
			.formatted(LockParticipants.FIND, history.recorded(), history.newest(), history.identifier());
		try (PreparedStatement statement = this.connection.prepareStatement(sql)) {
			statement.setQueryTimeout(WATCH_TIMEOUT_SECONDS);
			LockParticipants.bind(statement, prepared().key());
			try (ResultSet rows = statement.executeQuery()) {
				return readWatch(rows);
			}
		}
	}

	private LockWatch readWatch(ResultSet rows) throws SQLException {
		LockParticipants.Reader reader = new LockParticipants.Reader();
		HistoryFingerprint history = HistoryFingerprint.EMPTY;
		while (rows.next()) {
			if (rows.getObject("pid") != null) {
				reader.add(rows);
			}
			history = new HistoryFingerprint(rows.getLong("history_count"),
					String.valueOf(rows.getString("history_last")));
		}
		return new LockWatch(reader.participants(), reader.contenders(), history);
	}

	/**
	 * Return whether a history has got rows of certain units, and no others.
	 * @param history the history table, which exists
	 * @param before how many rows that record units it had before
	 * @param units the units, as {@link HistoryTable#unit()} shows them
	 * @return whether the rows that were added are those of the units
	 * @throws SQLException if the database cannot be asked
	 */
	public boolean isRecorded(HistoryTable history, int before, Collection<String> units) throws SQLException {
		String sql = """
				select count(*) = ?, (select count(distinct unit) = ? from
				  (select %s as unit from %s where %s order by %s desc limit ?) newest where unit = any (?::text[]))
				from %2$s where %3$s""".formatted(history.unit(), history.identifier(), history.recorded(),
				history.number());
		try (PreparedStatement statement = this.connection.prepareStatement(sql)) {
			statement.setQueryTimeout(WATCH_TIMEOUT_SECONDS);
			statement.setInt(1, before + units.size());
			statement.setInt(2, units.size());
			statement.setInt(3, units.size());
			statement.setArray(4, this.connection.createArrayOf("text", units.toArray()));
			try (ResultSet row = statement.executeQuery()) {
				row.next();
				return row.getBoolean(1) && row.getBoolean(2);
			}
		}
	}

	/**
	 * Return whether a table exists and can be seen.
	 * @param identifier the quoted identifier of the table
	 * @return whether it exists
	 * @throws SQLException if the database cannot be asked
	 */
	public boolean tableExists(String identifier) throws SQLException {
		try (PreparedStatement statement = this.connection.prepareStatement(TABLE_EXISTS)) {
			statement.setString(1, identifier);
			try (ResultSet row = statement.executeQuery()) {
				row.next();
				return row.getBoolean(1);
			}
		}
	}

	/**
	 * Get ready to run a migration: a listening session in a long transaction would stop
	 * the clean-up of the notification queue of the whole cluster, and no lock timeout of
	 * the waiting time may hit the migration.
	 * @throws SQLException if the database cannot be asked
	 */
	public void beforeRun() throws SQLException {
		rollback();
		execute("unlisten *");
		SessionSettings settings = prepared().settings();
		settings.restore();
		settings.apply();
		if (this.lockedSince != null) {
			announce(ParticipantName.Role.HOLDER, this.lockedSince);
		}
	}

	/**
	 * Get ready to wait, idle and holding the lock, until who is in the way is gone.
	 * @param blockedBy who is in the way
	 * @throws SQLException if the database cannot be asked
	 */
	public void backOff(BlockedBy blockedBy) throws SQLException {
		rollback();
		Instant since = (this.lockedSince != null) ? this.lockedSince : Instant.now();
		prepared().settings()
			.set("application_name",
					ParticipantName.ofBlockedHolder(blockedBy, since, prepared().instance()).toString());
	}

	/**
	 * Go on after the wait: the session is the holder again that migrates. Its settings
	 * are left as the migration has set them.
	 * @throws SQLException if the database cannot be asked
	 */
	public void goOn() throws SQLException {
		announce(ParticipantName.Role.HOLDER, (this.lockedSince != null) ? this.lockedSince : Instant.now());
	}

	/**
	 * Withhold every commit until {@link #commitUnit()}, so that the DDL of a unit and
	 * the record of it in the history become visible together or not at all.
	 */
	public void beginUnit() {
		this.unit.withhold();
	}

	/**
	 * Commit a unit together with its record.
	 * @throws SQLException if the commit fails
	 */
	public void commitUnit() throws SQLException {
		if (this.unit.release() && !this.connection.getAutoCommit()) {
			SessionConnection.commit(this.connection, this.interceptor);
		}
	}

	/**
	 * Stop to withhold commits, after the unit was rolled back.
	 */
	public void abandonUnit() {
		this.unit.release();
	}

	/**
	 * Release the lock and tell the waiters, in one statement.
	 * @return whether the lock was ours until now
	 * @throws SQLException if the database cannot be asked
	 */
	public boolean unlock() throws SQLException {
		rollback();
		LockKey key = prepared().key();
		this.lockedSince = null;
		try (PreparedStatement statement = this.connection.prepareStatement(UNLOCK)) {
			statement.setInt(1, key.namespace());
			statement.setInt(2, key.hash());
			statement.setString(3, key.channel());
			try (ResultSet row = statement.executeQuery()) {
				row.next();
				return row.getBoolean(1);
			}
		}
	}

	/**
	 * Return what tells this session from every other one, also after its process id was
	 * given to another.
	 * @return the backend
	 * @throws SQLException if the database cannot be asked
	 */
	public Backend backend() throws SQLException {
		try (Statement statement = this.connection.createStatement(); ResultSet row = statement.executeQuery(BACKEND)) {
			row.next();
			return new Backend(row.getInt(1), row.getLong(2));
		}
	}

	/**
	 * Return the process id of the backend as it was told when the connection was made:
	 * an invented one behind a pooler. Nothing is sent.
	 * @return the process id
	 * @throws SQLException if this is no PostgreSQL connection
	 */
	public int backendPid() throws SQLException {
		return unwrap().getBackendPID();
	}

	/**
	 * Return whether the server said that it is a standby when the connection was made or
	 * since then. Servers before PostgreSQL 14 do not. Nothing is sent.
	 * @return whether it is known to be a standby
	 * @throws SQLException if this is no PostgreSQL connection
	 */
	public boolean isKnownStandby() throws SQLException {
		return "on".equals(unwrap().getParameterStatus("in_hot_standby"));
	}

	/**
	 * Ask what is at the other end of the connection, which is in autocommit from now on.
	 * @return the server
	 * @throws SQLException if the database cannot be asked
	 */
	public Server server() throws SQLException {
		rollback();
		try (Statement statement = this.connection.createStatement(); ResultSet row = statement.executeQuery(SERVER)) {
			row.next();
			return new Server(row.getInt(1) != backendPid(), row.getBoolean(2));
		}
	}

	/**
	 * Ask the server to cancel the statement that this session executes at the moment, if
	 * any. Returns when the request was sent. May be called from any thread.
	 */
	public void cancel() {
		try {
			unwrap().cancelQuery();
		}
		catch (SQLException ex) {
			logger.debug("Could not cancel the statement of the migration session", ex);
		}
	}

	/**
	 * Cut the connection at once: whatever the using thread waits for ends with an
	 * exception. May be called from any thread.
	 */
	public void abort() {
		this.defunct = true;
		try {
			this.connection.unwrap(Connection.class).abort(Runnable::run);
		}
		catch (SQLException ex) {
			logger.debug("Could not abort the migration session", ex);
		}
	}

	/**
	 * Give the connection back as it was if the session was never prepared, else make
	 * sure that no lock and no setting survives: the connection is closed physically, or
	 * cleaned where its pool cannot do that. Never throws: what was recorded before stays
	 * recorded.
	 */
	@Override
	public void close() {
		this.unit.release();
		try {
			if ((this.prepared == null || isPolling()) && !this.defunct) {
				restoreConnection();
				this.source.giveBack(this.connection);
				return;
			}
			if (this.lockedSince != null && !this.defunct) {
				unlock();
			}
		}
		catch (SQLException ex) {
			logger.debug("Could not leave the migration session in order, closing its connection", ex);
		}
		discard();
	}

	private void discard() {
		if (!this.source.discard(this.connection)) {
			try {
				rollback();
				execute(UNLOCK_ALL);
				execute("unlisten *");
				prepared().settings().restore();
				restoreConnection();
			}
			catch (SQLException | RuntimeException ex) {
				logger.debug("Could not restore the connection of the migration session, cutting it", ex);
				abort();
			}
			giveBackQuietly();
		}
	}

	private void giveBackQuietly() {
		try {
			this.source.giveBack(this.connection);
		}
		catch (SQLException ex) {
			logger.debug("Could not give the connection of the migration session back", ex);
		}
	}

	private void restoreConnection() throws SQLException {
		if (this.connection.getAutoCommit() != this.autoCommit) {
			this.connection.setAutoCommit(this.autoCommit);
		}
		if (this.connection.getNetworkTimeout() != this.networkTimeout) {
			this.connection.setNetworkTimeout(Runnable::run, this.networkTimeout);
		}
		if (this.prepareThreshold != null) {
			unwrap().setPrepareThreshold(this.prepareThreshold);
		}
	}

	private boolean isPolling() {
		return this.prepareThreshold != null;
	}

	private void rollback() throws SQLException {
		if (!this.connection.getAutoCommit()) {
			this.connection.rollback();
			this.connection.setAutoCommit(true);
		}
	}

	private void execute(String sql) throws SQLException {
		try (Statement statement = this.connection.createStatement()) {
			statement.execute(sql);
		}
	}

	private PGConnection unwrap() throws SQLException {
		return this.connection.unwrap(PGConnection.class);
	}

	private Prepared prepared() {
		Prepared prepared = this.prepared;
		if (prepared == null) {
			throw new IllegalStateException("The session has not been prepared");
		}
		return prepared;
	}

	private record Prepared(LockKey key, ParticipantName.Role role, String instance, SessionSettings settings) {

	}

	/**
	 * What is at the other end of a connection.
	 *
	 * @param behindPooler whether a pooler is in between
	 * @param standby whether it is a standby, which can only be read
	 */
	public record Server(boolean behindPooler, boolean standby) {

	}

	/**
	 * A server process of PostgreSQL.
	 *
	 * @param pid its process id
	 * @param startedAtMicros when it was started, in microseconds since the epoch, or 0
	 * if that is hidden from the current role
	 */
	public record Backend(int pid, long startedAtMicros) {

	}

}
