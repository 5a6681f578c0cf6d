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

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

import javax.sql.DataSource;

import org.postgresql.ds.PGSimpleDataSource;

import org.springframework.core.io.Resource;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * A database of its own for one test, used as the plain login role that owns it. Injected
 * into tests by {@link PostgresExtension} and dropped after them.
 *
 * @author Migration Guard
 */
public final class TestDatabase {

	private static final String PASSWORD = "secret";

	private final PostgresServer server;

	private final String name;

	private final List<String> roles;

	private final StatementLog statementLog;

	private final List<String> copies = new ArrayList<>();

	private SingleConnectionDataSource kept;

	private TestDatabase(PostgresServer server, String name, List<String> roles) {
		this.server = server;
		this.name = name;
		this.roles = roles;
		this.statementLog = new StatementLog(this, server.logFile());
	}

	/**
	 * Create a database for somebody who drops it himself.
	 * @return the new database
	 */
	public static TestDatabase create() {
		return PostgresServer.get().createDatabase();
	}

	static TestDatabase create(PostgresServer server, String name) {
		TestDatabase database = new TestDatabase(server, name, new ArrayList<>());
		String owner = database.createRole("owner", "login");
		server.superuser("postgres").sql("create database %s owner %s".formatted(name, owner)).update();
		return database;
	}

	/**
	 * Create a database that is as this one is now, and is dropped with it. Nobody may be
	 * connected to this one.
	 * @param suffix the name of the copy within this database
	 * @return the copy, which belongs to the same role
	 */
	public TestDatabase copy(String suffix) {
		TestDatabase copy = new TestDatabase(this.server, this.name + "_" + suffix, this.roles);
		this.server.superuser("postgres")
			.sql("create database %s template %s owner %s".formatted(copy.name, this.name, username()))
			.update();
		this.copies.add(copy.name);
		return copy;
	}

	/**
	 * Create a role that is dropped with this database.
	 * @param suffix the name of the role within this database
	 * @param options the options of {@code create role}, such as {@code login}
	 * @return the name of the role
	 */
	public String createRole(String suffix, String options) {
		String role = this.name + "_" + suffix;
		this.server.superuser("postgres")
			.sql("create role %s %s password '%s'".formatted(role, options, PASSWORD))
			.update();
		this.roles.add(role);
		return role;
	}

	/**
	 * Drop a role that a test created by itself with this database.
	 * @param role the name of the role
	 */
	public void adoptRole(String role) {
		if (!this.roles.contains(role)) {
			this.roles.add(role);
		}
	}

	public String name() {
		return this.name;
	}

	public String url() {
		return url("localhost");
	}

	/**
	 * Return the URL for somebody on another host.
	 * @param address the address of the server
	 * @return the JDBC URL
	 */
	public String url(String address) {
		return "jdbc:postgresql://%s:%d/%s".formatted(address, this.server.port(), this.name);
	}

	/**
	 * Return the same database on a server that has taken the place of its server.
	 * @param server the server
	 * @return the database
	 */
	public TestDatabase on(PostgresServer server) {
		return new TestDatabase(server, this.name, this.roles);
	}

	public String username() {
		return this.roles.get(0);
	}

	public String password() {
		return PASSWORD;
	}

	/**
	 * Return a data source without a pool for the role that owns this database.
	 * @return a data source that connects each time
	 */
	public DataSource dataSource() {
		PGSimpleDataSource dataSource = new PGSimpleDataSource();
		dataSource.setUrl(url());
		dataSource.setUser(username());
		dataSource.setPassword(PASSWORD);
		dataSource.setApplicationName("test");
		return dataSource;
	}

	/**
	 * Open a session of the role that owns this database.
	 * @return a new connection, to be closed by the caller
	 * @throws SQLException if the connection fails
	 */
	public Connection connect() throws SQLException {
		return dataSource().getConnection();
	}

	/**
	 * Return a client for the role that owns this database.
	 * @return a client that connects for each statement
	 */
	public JdbcClient client() {
		return JdbcClient.create(dataSource());
	}

	/**
	 * Return a client for the superuser, to look at what the role may not see.
	 * @return a client that connects for each statement
	 */
	public JdbcClient superuser() {
		return this.server.superuser(this.name);
	}

	/**
	 * Return a client for the superuser that asks again and again, over a connection that
	 * is kept. Used by one thread.
	 * @return a client that connects only if it has lost its connection
	 */
	public synchronized JdbcClient poller() {
		if (this.kept == null || !isValid(this.kept)) {
			this.kept = new SingleConnectionDataSource(connectAsSuperuser(), true);
		}
		return JdbcClient.create(this.kept);
	}

	private static boolean isValid(SingleConnectionDataSource kept) {
		try (Connection connection = kept.getConnection()) {
			return connection.isValid(1);
		}
		catch (SQLException ex) {
			return false;
		}
	}

	private Connection connectAsSuperuser() {
		try {
			return this.server.dataSource(this.name).getConnection();
		}
		catch (SQLException ex) {
			throw new CannotGetJdbcConnectionException("The server cannot be asked", ex);
		}
	}

	void script(Resource script) {
		JdbcTemplate template = new JdbcTemplate(this.server.dataSource(this.name));
		template.execute(read(script));
	}

	private static String read(Resource script) {
		try {
			return script.getContentAsString(StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	public StatementLog statementLog() {
		return this.statementLog;
	}

	/**
	 * Return the sessions in this database other than the ones of the test itself.
	 * @return the sessions
	 */
	public List<Session> sessions() {
		return superuser().sql("""
				select pid, usename, application_name, state, query from pg_stat_activity
				where datname = current_database() and backend_type = 'client backend' and application_name <> 'test'
				order by pid""").query(Session.class).list();
	}

	/**
	 * Return the advisory locks in this database other than the ones of the test itself.
	 * @return one line a lock
	 */
	public List<String> advisoryLocks() {
		return superuser().sql("""
				select format('%s %s (%s, %s) of %s', l.mode, case when granted then 'granted' else 'awaited' end,
						l.classid, l.objid, a.application_name)
				from pg_locks l left join pg_stat_activity a using (pid)
				where l.locktype = 'advisory' and l.database = (select oid from pg_database
						where datname = current_database()) and a.application_name is distinct from 'test'
				order by l.pid""").query(String.class).list();
	}

	/**
	 * Make this database one that is as good as new: nobody is connected, and nothing is
	 * in it.
	 */
	public void clear() {
		superuser().sql("""
				select pg_terminate_backend(pid, 10000) from pg_stat_activity
				where datname = current_database() and pid <> pg_backend_pid()""").query(Boolean.class).list();
		superuser().sql("""
				do $$ begin
				  execute (select coalesce(string_agg(format('drop schema %I cascade;', nspname), ' '), '')
				    from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema')
				    || 'create schema public authorization pg_database_owner; grant usage on schema public to public';
				end $$""").update();
		superuser().sql("alter role %s connection limit -1".formatted(username())).update();
	}

	/**
	 * Drop the database, whoever is connected to it, and its roles.
	 */
	public void drop() {
		if (this.kept != null) {
			this.kept.destroy();
		}
		JdbcClient client = this.server.superuser("postgres");
		this.copies.forEach((copy) -> client.sql("drop database if exists %s with (force)".formatted(copy)).update());
		client.sql("drop database if exists %s with (force)".formatted(this.name)).update();
		this.roles.forEach((role) -> client.sql("drop role if exists %s".formatted(role)).update());
	}

	@Override
	public String toString() {
		return this.name;
	}

	/**
	 * A session as the server sees it.
	 *
	 * @param pid the process of the server that serves the session
	 * @param usename the role that logged in
	 * @param applicationName the name that the session gave itself
	 * @param state what the session does
	 * @param query the last statement of the session
	 */
	public record Session(int pid, String usename, String applicationName, String state, String query) {

	}

}
