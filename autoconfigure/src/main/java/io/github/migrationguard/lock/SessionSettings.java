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

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The server's settings of a {@link MigrationSession}. They are set in autocommit (a
 * {@code SET} inside a transaction is undone by its rollback) and only as far as the
 * server knows them, so that older servers are fine.
 *
 * @author Migration Guard
 * @see <a href=
 * "https://www.postgresql.org/docs/current/runtime-config-client.html">Client Connection
 * Defaults</a>
 */
final class SessionSettings {

	/**
	 * No time limit of the server may end the session, and a dead client or a lost node
	 * is noticed within seconds. For the latter both kinds are needed:
	 * {@code client_connection_check_interval} notices a closed connection while a
	 * statement runs, the keepalives a node that went away without closing anything. No
	 * keepalives are sent while an answer is under way that nobody acknowledges:
	 * {@code tcp_user_timeout} bounds that.
	 */
	static final Map<String, String> DEFAULTS = Map.of("statement_timeout", "0", "idle_in_transaction_session_timeout",
			"0", "idle_session_timeout", "0", "transaction_timeout", "0", "client_connection_check_interval", "1s",
			"tcp_keepalives_idle", "5", "tcp_keepalives_interval", "2", "tcp_keepalives_count", "3", "tcp_user_timeout",
			"10s");

	/**
	 * What was set since the session was started, for example by the init SQL of a pool.
	 * Who is logged in and the role are no ordinary settings and come first: to become
	 * another one resets the role. Settings with a dot in their names are not listed
	 * unless an extension knows them.
	 */
	private static final String READ = """
			select 'session_authorization' as name, current_setting('session_authorization') as value
			union all select 'role', current_setting('role')
			union all select name, current_setting(name) from pg_settings where source = 'session'
			union all select name, current_setting(name, true) from unnest(?::text[]) as o (name)
			  where not exists (select from pg_settings s where s.name = o.name)
			    and current_setting(name, true) is not null""";

	private static final String APPLY_KNOWN = """
			select s.name, set_config(s.name, v.value, false)
			from unnest(?::text[], ?::text[]) as v (name, value) join pg_settings s on s.name = v.name""";

	private static final String APPLY = "select set_config(?, ?, false)";

	private static final Set<String> ROLES = Set.of("session_authorization", "role");

	private final Connection connection;

	private final Map<String, String> overrides;

	private final Map<String, String> saved = new LinkedHashMap<>();

	SessionSettings(Connection connection, Map<String, String> overrides) {
		this.connection = connection;
		this.overrides = overrides;
	}

	/**
	 * Remember the settings as they are now.
	 */
	void save() throws SQLException {
		this.saved.putAll(read());
	}

	private Map<String, String> read() throws SQLException {
		Map<String, String> settings = new LinkedHashMap<>();
		Array names = this.connection.createArrayOf("text", this.overrides.keySet().toArray());
		try (PreparedStatement statement = this.connection.prepareStatement(READ)) {
			statement.setArray(1, names);
			try (ResultSet rows = statement.executeQuery()) {
				while (rows.next()) {
					settings.put(rows.getString(1), rows.getString(2));
				}
			}
		}
		return settings;
	}

	/**
	 * Apply the defaults and what overrides them.
	 * @throws SessionSettingException if an override is refused by the server
	 */
	void apply() throws SQLException {
		Map<String, String> settings = new LinkedHashMap<>(DEFAULTS);
		settings.putAll(this.overrides);
		try {
			Set<String> unknown = new HashSet<>(this.overrides.keySet());
			unknown.removeAll(applyKnown(settings));
			applyOneByOne(unknown);
		}
		catch (SQLException ex) {
			if (!isRefusal(ex)) {
				throw ex;
			}
			applyOneByOne(settings.keySet());
		}
	}

	private Collection<String> applyKnown(Map<String, String> settings) throws SQLException {
		Set<String> applied = new HashSet<>();
		Array names = this.connection.createArrayOf("text", settings.keySet().toArray());
		Array values = this.connection.createArrayOf("text", settings.values().toArray());
		try (PreparedStatement statement = this.connection.prepareStatement(APPLY_KNOWN)) {
			statement.setArray(1, names);
			statement.setArray(2, values);
			try (ResultSet rows = statement.executeQuery()) {
				while (rows.next()) {
					applied.add(rows.getString(1));
				}
			}
		}
		return applied;
	}

	private void applyOneByOne(Collection<String> names) throws SQLException {
		for (String name : names) {
			String override = this.overrides.get(name);
			try {
				set(name, (override != null) ? override : DEFAULTS.getOrDefault(name, ""));
			}
			catch (SQLException ex) {
				if (override != null && isRefusal(ex)) {
					throw new SessionSettingException(name, override, ex);
				}
				if (!isRefusal(ex)) {
					throw ex;
				}
			}
		}
	}

	/**
	 * Unknown name (42704), wrong value (22023), no right to change it (42501) or not now
	 * (55P02).
	 */
	private static boolean isRefusal(SQLException ex) {
		return Set.of("42704", "22023", "42501", "55P02", "42602").contains(String.valueOf(ex.getSQLState()));
	}

	void set(String name, String value) throws SQLException {
		try (PreparedStatement statement = this.connection.prepareStatement(APPLY)) {
			statement.setString(1, name);
			statement.setString(2, value);
			statement.execute();
		}
	}

	/**
	 * Bring every setting and the role back to what was saved. A {@code RESET ALL} would
	 * lose what the init SQL of a pool had set, and part of that cannot be read.
	 */
	void restore() throws SQLException {
		Map<String, String> current = read();
		try (Statement statement = this.connection.createStatement()) {
			statement.execute(reset(current.keySet()));
		}
		for (Map.Entry<String, String> setting : this.saved.entrySet()) {
			if (ROLES.contains(setting.getKey()) || !setting.getValue().equals(current.get(setting.getKey()))) {
				set(setting.getKey(), setting.getValue());
			}
		}
	}

	/**
	 * The roles come first: the one that logged in may reset what it has set.
	 */
	private String reset(Set<String> names) {
		return Stream
			.concat(Stream.of("session authorization", "role"),
					names.stream().filter((name) -> !this.saved.containsKey(name)).map(this::quote))
			.collect(Collectors.joining("; reset ", "reset ", ""));
	}

	private String quote(String name) {
		return '"' + name.replace("\"", "\"\"").replace(".", "\".\"") + '"';
	}

}
