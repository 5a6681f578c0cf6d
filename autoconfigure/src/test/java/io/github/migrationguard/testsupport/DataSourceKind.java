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

import java.beans.PropertyVetoException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import javax.sql.DataSource;

import com.mchange.v2.c3p0.ComboPooledDataSource;
import com.zaxxer.hikari.HikariDataSource;
import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.AgroalConnectionPoolConfiguration.ConnectionValidator;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import io.agroal.api.security.NamePrincipal;
import io.agroal.api.security.SimplePassword;
import net.ttddyy.dsproxy.support.ProxyDataSourceBuilder;
import org.apache.commons.dbcp2.BasicDataSource;
import org.postgresql.Driver;
import org.postgresql.ds.PGSimpleDataSource;

import org.springframework.aop.framework.ProxyFactory;
import org.springframework.jdbc.datasource.AbstractDataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.jdbc.datasource.UserCredentialsDataSourceAdapter;
import org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource;

/**
 * The kinds of data sources that applications have. Pools have one connection, so that
 * whoever borrows from one meets what the one before left. All log in with one role and
 * work as another one, which pools set with their init SQL.
 *
 * @author Migration Guard
 */
public enum DataSourceKind {

	HIKARI {

		@Override
		DataSource create(Login login, List<AutoCloseable> resources) {
			return hikari(login, resources);
		}

	},

	HIKARI_WITHOUT_AUTO_COMMIT {

		@Override
		DataSource create(Login login, List<AutoCloseable> resources) {
			HikariDataSource pool = hikari(login, resources);
			pool.setAutoCommit(false);
			return pool;
		}

	},

	/**
	 * Its URL is not known.
	 */
	HIKARI_OF_DATA_SOURCE {

		@Override
		DataSource create(Login login, List<AutoCloseable> resources) {
			HikariDataSource pool = new HikariDataSource();
			resources.add(pool);
			pool.setDataSource(pgSimple(login));
			pool.setMaximumPoolSize(1);
			return pool;
		}

	},

	TOMCAT {

		@Override
		DataSource create(Login login, List<AutoCloseable> resources) {
			org.apache.tomcat.jdbc.pool.DataSource pool = new org.apache.tomcat.jdbc.pool.DataSource();
			resources.add(pool::close);
			pool.setUrl(login.url());
			pool.setUsername(login.user());
			pool.setPassword(login.password());
			pool.setDriverClassName(Driver.class.getName());
			pool.setInitSQL(login.initSql());
			pool.setMaxActive(1);
			pool.setInitialSize(1);
			return pool;
		}

	},

	DBCP2 {

		@Override
		DataSource create(Login login, List<AutoCloseable> resources) {
			BasicDataSource pool = new BasicDataSource();
			resources.add(pool);
			pool.setUrl(login.url());
			pool.setUsername(login.user());
			pool.setPassword(login.password());
			pool.setConnectionInitSqls(List.of(login.initSql()));
			pool.setMaxTotal(1);
			return pool;
		}

	},

	C3P0 {

		@Override
		DataSource create(Login login, List<AutoCloseable> resources) {
			ComboPooledDataSource pool = new ComboPooledDataSource();
			resources.add(pool);
			pool.setJdbcUrl(login.urlWithOptions());
			pool.setUser(login.user());
			pool.setPassword(login.password());
			pool.setInitialPoolSize(1);
			pool.setMinPoolSize(1);
			pool.setMaxPoolSize(1);
			return pool;
		}

	},

	AGROAL {

		@Override
		DataSource create(Login login, List<AutoCloseable> resources) {
			AgroalDataSourceConfigurationSupplier configuration = new AgroalDataSourceConfigurationSupplier();
			configuration.connectionPoolConfiguration((pool) -> pool.maxSize(1)
				.connectionValidator(ConnectionValidator.defaultValidator())
				.validateOnBorrow(true)
				.connectionFactoryConfiguration((connection) -> connection.jdbcUrl(login.url())
					.connectionProviderClass(Driver.class)
					.principal(new NamePrincipal(login.user()))
					.credential(new SimplePassword(login.password()))
					.initialSql(login.initSql())));
			try {
				AgroalDataSource pool = AgroalDataSource.from(configuration);
				resources.add(pool);
				return pool;
			}
			catch (SQLException ex) {
				throw new IllegalStateException(ex);
			}
		}

	},

	PG_SIMPLE {

		@Override
		DataSource create(Login login, List<AutoCloseable> resources) {
			return pgSimple(login);
		}

	},

	SIMPLE_DRIVER {

		@Override
		DataSource create(Login login, List<AutoCloseable> resources) {
			return new SimpleDriverDataSource(new Driver(), login.urlWithOptions(), login.user(), login.password());
		}

	},

	DRIVER_MANAGER {

		@Override
		DataSource create(Login login, List<AutoCloseable> resources) {
			return new DriverManagerDataSource(login.urlWithOptions(), login.user(), login.password());
		}

	},

	SINGLE_CONNECTION {

		@Override
		DataSource create(Login login, List<AutoCloseable> resources) {
			SingleConnectionDataSource dataSource = new SingleConnectionDataSource(login.urlWithOptions(), login.user(),
					login.password(), true);
			resources.add(dataSource::destroy);
			return dataSource;
		}

	},

	DELEGATING {

		@Override
		DataSource create(Login login, List<AutoCloseable> resources) {
			return new DelegatingDataSource(hikari(login, resources));
		}

	},

	USER_CREDENTIALS {

		@Override
		DataSource create(Login login, List<AutoCloseable> resources) {
			UserCredentialsDataSourceAdapter adapter = new UserCredentialsDataSourceAdapter();
			PGSimpleDataSource target = new PGSimpleDataSource();
			target.setUrl(login.urlWithOptions());
			adapter.setTargetDataSource(target);
			adapter.setUsername(login.user());
			adapter.setPassword(login.password());
			return adapter;
		}

	},

	TRANSACTION_AWARE {

		@Override
		DataSource create(Login login, List<AutoCloseable> resources) {
			return new TransactionAwareDataSourceProxy(hikari(login, resources));
		}

	},

	LAZY {

		@Override
		DataSource create(Login login, List<AutoCloseable> resources) {
			return new LazyConnectionDataSourceProxy(hikari(login, resources));
		}

	},

	/**
	 * Chooses another one of three pools each time.
	 */
	ROUTING {

		@Override
		DataSource create(Login login, List<AutoCloseable> resources) {
			AtomicInteger calls = new AtomicInteger();
			AbstractRoutingDataSource routing = new AbstractRoutingDataSource() {

				@Override
				protected Object determineCurrentLookupKey() {
					return calls.incrementAndGet() % 3;
				}

			};
			routing.setTargetDataSources(
					Map.of(0, hikari(login, resources), 1, hikari(login, resources), 2, hikari(login, resources)));
			routing.afterPropertiesSet();
			return new DelegatingDataSource(routing);
		}

	},

	AOP_PROXY {

		@Override
		DataSource create(Login login, List<AutoCloseable> resources) {
			return (DataSource) new ProxyFactory(hikari(login, resources)).getProxy();
		}

	},

	/**
	 * Returns proxies of connections.
	 */
	SPY {

		@Override
		DataSource create(Login login, List<AutoCloseable> resources) {
			return ProxyDataSourceBuilder.create(hikari(login, resources)).build();
		}

	},

	/**
	 * Tells nothing about where its connections come from.
	 */
	OPAQUE {

		@Override
		DataSource create(Login login, List<AutoCloseable> resources) {
			DataSource target = hikari(login, resources);
			return new AbstractDataSource() {

				@Override
				public Connection getConnection() throws SQLException {
					return target.getConnection();
				}

				@Override
				public Connection getConnection(String username, String password) throws SQLException {
					return target.getConnection(username, password);
				}

			};
		}

	};

	abstract DataSource create(Login login, List<AutoCloseable> resources) throws PropertyVetoException;

	/**
	 * Open a data source of this kind.
	 * @param database the database, whose owner logs in
	 * @param role the role as which the connections work
	 * @return the data source, to be closed by the caller
	 */
	public OpenDataSource open(TestDatabase database, String role) {
		List<AutoCloseable> resources = new ArrayList<>();
		try {
			Login login = new Login(database.url(), database.username(), database.password(), role);
			return new OpenDataSource(create(login, resources), resources);
		}
		catch (PropertyVetoException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static HikariDataSource hikari(Login login, List<AutoCloseable> resources) {
		HikariDataSource pool = new HikariDataSource();
		resources.add(pool);
		pool.setJdbcUrl(login.url());
		pool.setUsername(login.user());
		pool.setPassword(login.password());
		pool.setConnectionInitSql(login.initSql());
		pool.setMaximumPoolSize(1);
		return pool;
	}

	private static PGSimpleDataSource pgSimple(Login login) {
		PGSimpleDataSource dataSource = new PGSimpleDataSource();
		dataSource.setUrl(login.urlWithOptions());
		dataSource.setUser(login.user());
		dataSource.setPassword(login.password());
		return dataSource;
	}

	/**
	 * Who connects where.
	 */
	record Login(String url, String user, String password, String role) {

		String initSql() {
			return "set role %s; set app.tenant = 'acme'".formatted(this.role);
		}

		String urlWithOptions() {
			return "%s?options=-c%%20role=%s%%20-c%%20app.tenant=acme".formatted(this.url, this.role);
		}

	}

	/**
	 * A data source and what has to be closed with it.
	 *
	 * @param dataSource the data source
	 * @param resources the pools behind it
	 */
	public record OpenDataSource(DataSource dataSource, List<AutoCloseable> resources) implements AutoCloseable {

		/**
		 * Return what somebody meets who borrows, once from each pool that there may be.
		 * @return the states of the connections
		 * @throws SQLException if there is no connection
		 */
		public List<Map<String, String>> borrow() throws SQLException {
			return List.of(read(), read(), read());
		}

		private Map<String, String> read() throws SQLException {
			Map<String, String> state = new HashMap<>();
			try (Connection connection = this.dataSource.getConnection();
					Statement statement = connection.createStatement()) {
				state.put("autoCommit", String.valueOf(connection.getAutoCommit()));
				state.put("networkTimeout", String.valueOf(connection.getNetworkTimeout()));
				try (ResultSet rows = statement.executeQuery("""
						select name, setting from pg_settings
						union all select 'role', current_setting('role')
						union all select 'app.tenant', current_setting('app.tenant', true)
						union all select 'session_authorization', current_setting('session_authorization')
						union all select 'app.rest', current_setting('app.rest', true)
						union all select 'channels', count(*)::text from pg_listening_channels()
						union all select 'statements', count(*)::text from pg_prepared_statements where from_sql
						union all select 'temporary', count(*)::text from pg_class
						  where relnamespace = pg_my_temp_schema()""")) {
					while (rows.next()) {
						state.put(rows.getString(1), rows.getString(2));
					}
				}
				if (!connection.getAutoCommit()) {
					connection.commit();
				}
			}
			return state;
		}

		@Override
		public void close() throws Exception {
			for (AutoCloseable resource : this.resources) {
				resource.close();
			}
		}

	}

}
