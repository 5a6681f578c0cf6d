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

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Reads from the server what sessions do, who is in their way and in whose way they are,
 * in one query. It takes no lock on any table, so that it never waits for one.
 *
 * @author Migration Guard
 * @since 0.1.0
 * @see <a href="https://www.postgresql.org/docs/current/view-pg-locks.html">pg_locks</a>
 */
public final class SessionSampler {

	/**
	 * Begins with who waits at all: as long as that is none of the sessions and nobody
	 * behind them, everything that is made of it is empty and not evaluated. Who waits is
	 * told from {@code pg_locks}, as the state of other roles' sessions is hidden without
	 * {@code pg_read_all_stats}. Who asks is left out: {@code CREATE INDEX CONCURRENTLY}
	 * waits for the snapshot of this query, too.
	 * <p>
	 * Most locks are on tables that nobody waits for, so that these are left out before
	 * anything is made of them. Those on transactions and rows and those that an
	 * autovacuum has tell more than what they are on.
	 * <p>
	 * Planning takes longer than executing. The parameters are read from a table, so that
	 * the server finds that their values do not matter and keeps the plan.
	 */
	private static final String FIND_SESSIONS = """
			with recursive parameter as materialized (
			  select ?::int[] as pids, ?::text as wanted, ?::text::oid as wanted_object, ?::text[] as modes),
			waiting as materialized (
			  select pid, coalesce(relation, classid, 0) as object from pg_locks
			  where not granted and (database is null or database = 0
			    or database = (select oid from pg_database where datname = current_database()))),
			edge as materialized (
			  select pid as waiter, blocker from waiting, unnest(pg_blocking_pids(pid)) blocker
			  where blocker <> pg_backend_pid() group by pid, blocker),
			blocked as (
			  select waiter, array_agg(blocker) as blocked_by from edge group by waiter),
			lock as materialized (
			  select *, coalesce(pid, 0) as session, concat_ws('/', locktype, database, relation, page, tuple,
			    virtualxid, transactionid, classid, objid, objsubid) as target
			  from pg_locks where (
			    select wanted is not null or exists (select from edge where waiter = any (pids) or blocker = any (pids))
			    from parameter)
			  and (locktype = 'tuple' or mode = 'ShareUpdateExclusiveLock' or coalesce(relation, classid, 0) in (
			    select 0 union all select object from waiting union all select wanted_object from parameter))),
			up(pid) as (
			  (select unnest(pids) from parameter
			  union select session from lock join parameter on target = wanted and mode = any (modes)
			    where granted and session <> pg_backend_pid())
			  union select blocker from up join edge on waiter = pid),
			down(pid) as (
			  select unnest(pids) from parameter
			  union select waiter from down join edge on blocker = pid),
			involved as (
			  select pid, bool_or(upwards) as upwards from (
			    select pid, true as upwards from up union all select pid, false from down) both_ways
			  group by pid),
			locked_row as (
			  select pid, min(relation) as relation from lock where locktype = 'tuple' and granted group by pid),
			awaited as materialized (
			  select l.target, min(case l.locktype
			    when 'relation' then l.relation::regclass::text
			    when 'extend' then 'the end of ' || l.relation::regclass
			    when 'page' then 'a page of ' || l.relation::regclass
			    when 'tuple' then 'a row of ' || l.relation::regclass
			    when 'transactionid' then
			      concat('transaction ', l.transactionid, ' (which has a row of ' || r.relation::regclass || ')')
			    when 'virtualxid' then 'virtual transaction ' || l.virtualxid
			    when 'object' then format('object %s of %s', l.objid, l.classid::regclass)
			    when 'advisory' then 'advisory lock ' || case l.objsubid
			      when 1 then ((l.classid::bigint << 32) | l.objid::bigint)::text
			      else format('(%s, %s)', l.classid::bigint::bit(32)::int, l.objid::bigint::bit(32)::int) end
			    else l.locktype end) as description
			  from lock l left join locked_row r using (pid)
			  where not l.granted and l.pid in (select pid from involved)
			    or l.target = (select wanted from parameter)
			  group by l.target)
			select n.pid, a.pid is not null as alive, quote_ident(current_user) as reader,
			  coalesce(l.virtualtransaction,
			    (select min(virtualtransaction) from lock where lock.pid = n.pid)) as transaction,
			  b.blocked_by, l.locktype, l.database, l.relation, l.page, l.tuple, l.virtualxid, l.transactionid,
			  l.classid, l.objid, l.objsubid, l.mode, l.granted, w.description,
			  extract(epoch from clock_timestamp() - l.waitstart) as waited_for,
			  coalesce(p.owner, a.usename) as username, coalesce(r.rolsuper, false) as superuser, a.application_name,
			  host(a.client_addr) as client_address, n.pid = 0 or a.backend_type is not null as visible, a.leader_pid,
			  case when n.pid = 0 then 'prepared' else a.state end as state, a.wait_event,
			  extract(epoch from clock_timestamp() - coalesce(p.prepared, a.xact_start)) as transaction_age,
			  case when n.upwards and a.backend_type is not null then a.query end as query,
			  a.pid is not null and a.usesysid is null as autovacuum,
			  case when a.backend_type is not null then a.query like '%(to prevent wraparound)'
			    else v.anti_wraparound end as anti_wraparound,
			  i.pid is not null as builds_index, i.phase, i.lockers_done, i.lockers_total, i.blocks_done,
			  i.blocks_total, i.tuples_done, i.tuples_total, p.gid,
			  current_setting('synchronous_standby_names') as standby_names
			from involved n
			left join blocked b on b.waiter = n.pid
			left join (lock l join awaited w using (target)) on l.session = n.pid
			left join pg_stat_activity a on a.pid = n.pid
			left join pg_roles r on r.oid = a.usesysid
			left join pg_stat_progress_create_index i on i.pid = n.pid
			left join lateral (
			  select quote_literal(x.gid) as gid, x.owner, x.prepared
			  from lock t join pg_prepared_xacts x on x.transaction = t.transactionid
			  where n.pid = 0 and t.pid is null and t.locktype = 'transactionid'
			    and t.virtualtransaction = l.virtualtransaction) p on true
			left join lateral (
			  select bool_or(c.relfrozenxid <> '0' and age(c.relfrozenxid) > s.xids
			    or c.relminmxid <> '0' and mxid_age(c.relminmxid) > s.multixacts) as anti_wraparound
			  from lock t join pg_class c on c.oid = t.relation, lateral (
			    select least(current_setting('autovacuum_freeze_max_age')::int, min(option_value::int)
			        filter (where option_name = 'autovacuum_freeze_max_age')) as xids,
			      least(current_setting('autovacuum_multixact_freeze_max_age')::int, min(option_value::int)
			        filter (where option_name = 'autovacuum_multixact_freeze_max_age')) as multixacts
			    from pg_options_to_table(c.reloptions)) s
			  where a.usesysid is null and t.pid = n.pid and t.locktype = 'relation'
			    and t.mode = 'ShareUpdateExclusiveLock') v on true""";

	private SessionSampler() {
	}

	/**
	 * Read what one session does at this moment.
	 * @param connection a connection to the same database, of another session
	 * @param pid the process id of the session
	 * @param timeoutSeconds after how many seconds the query is given up
	 * @return the sample
	 * @throws SQLException if the database cannot be asked
	 */
	public static SessionSample sample(Connection connection, int pid, int timeoutSeconds) throws SQLException {
		return find(connection, List.of(pid), null, timeoutSeconds).sample(pid, Instant.now());
	}

	/**
	 * Read what some sessions do at this moment, in one query.
	 * @param connection a connection to the same database
	 * @param pids the process ids of the sessions
	 * @param timeoutSeconds after how many seconds the query is given up
	 * @return the samples by process id
	 * @throws SQLException if the database cannot be asked
	 */
	public static Map<Integer, SessionSample> sampleAll(Connection connection, Collection<Integer> pids,
			int timeoutSeconds) throws SQLException {
		WaitGraph graph = find(connection, pids, null, timeoutSeconds);
		Instant sampledAt = Instant.now();
		Map<Integer, SessionSample> samples = new LinkedHashMap<>();
		pids.forEach((pid) -> samples.put(pid, graph.sample(pid, sampledAt)));
		return samples;
	}

	/**
	 * Find who holds a lock that conflicts with a wanted one at this moment, and whom
	 * those wait for, without queueing for the lock. The session that asks is left out.
	 * @param connection a connection to the same database
	 * @param wanted the lock that is wanted
	 * @param among the transactions to look for, or {@code null} for all
	 * @param timeoutSeconds after how many seconds the query is given up
	 * @return who is in the way, direct ones first, those with the longest transaction
	 * first; empty if nobody is
	 * @throws SQLException if the database cannot be asked
	 */
	public static List<Blocker> findHolders(Connection connection, LockRequest wanted,
			@Nullable Collection<Blocker> among, int timeoutSeconds) throws SQLException {
		return find(connection, List.of(), wanted, timeoutSeconds).holders(wanted, among);
	}

	private static WaitGraph find(Connection connection, Collection<Integer> pids, @Nullable LockRequest wanted,
			int timeoutSeconds) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement(FIND_SESSIONS)) {
			statement.setQueryTimeout(timeoutSeconds);
			bind(statement, pids, wanted);
			try (ResultSet rows = statement.executeQuery()) {
				WaitGraph graph = new WaitGraph();
				while (rows.next()) {
					graph.add(rows);
				}
				return graph;
			}
		}
	}

	private static void bind(PreparedStatement statement, Collection<Integer> pids, @Nullable LockRequest wanted)
			throws SQLException {
		Connection connection = statement.getConnection();
		Object[] modes = (wanted != null) ? LockMode.conflictingWith(wanted.mode()).toArray() : new Object[0];
		statement.setArray(1, connection.createArrayOf("int4", pids.toArray()));
		statement.setString(2, (wanted != null) ? wanted.target().key() : null);
		statement.setString(3, (wanted != null) ? wanted.target().object() : null);
		statement.setArray(4, connection.createArrayOf("text", modes));
	}

}
