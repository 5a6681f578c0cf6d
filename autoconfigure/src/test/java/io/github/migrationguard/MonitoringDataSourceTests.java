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

package io.github.migrationguard;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.Set;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.util.Credentials;
import io.github.migrationguard.testsupport.DataSourceKind;
import io.github.migrationguard.testsupport.DataSourceKind.OpenDataSource;
import io.github.migrationguard.testsupport.EmbeddedPostgresTest;
import io.github.migrationguard.testsupport.TestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link MonitoringDataSource}.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
class MonitoringDataSourceTests {

	private static final String MONITOR = "migration-guard";

	/**
	 * Those that do not tell with which URL, user and password they connect, and the
	 * driver's own, whose URL tells the application name, too.
	 */
	private static final Set<DataSourceKind> NOT_DERIVABLE = EnumSet.of(DataSourceKind.HIKARI_OF_DATA_SOURCE,
			DataSourceKind.DBCP2, DataSourceKind.C3P0, DataSourceKind.AGROAL, DataSourceKind.PG_SIMPLE,
			DataSourceKind.USER_CREDENTIALS, DataSourceKind.ROUTING, DataSourceKind.SPY, DataSourceKind.OPAQUE);

	@ParameterizedTest
	@EnumSource
	void connectsWithEveryKindOfDataSource(DataSourceKind kind, TestDatabase database) throws Exception {
		String role = database.createRole("schema_owner", "nologin");
		database.superuser().sql("grant %s to %s".formatted(role, database.username())).update();
		try (OpenDataSource open = kind.open(database, role)) {
			boolean ours = applicationName(new MonitoringDataSource(open.dataSource(), 5)).equals(MONITOR);
			assertThat(ours).isEqualTo(!NOT_DERIVABLE.contains(kind));
		}
	}

	@Test
	void connectsWhilePoolHasNothingLeft(TestDatabase database) throws Exception {
		try (HikariDataSource pool = pool(database); Connection last = pool.getConnection()) {
			assertThat(last.isValid(5)).isTrue();
			assertThat(applicationName(new MonitoringDataSource(pool, 5))).isEqualTo(MONITOR);
		}
	}

	@Test
	void usesPoolWhoseCredentialsAreNotKnown(TestDatabase database) {
		try (HikariDataSource pool = pool(database)) {
			pool.setUsername("outdated");
			pool.setCredentialsProvider(() -> new Credentials(database.username(), database.password()));
			assertThat(applicationName(new MonitoringDataSource(pool, 5))).isNotEqualTo(MONITOR);
		}
	}

	@Test
	void keepsPropertiesOfDriver(TestDatabase database) {
		try (HikariDataSource pool = pool(database)) {
			pool.addDataSourceProperty("options", "-c work_mem=7MB");
			assertThat(JdbcClient.create(new MonitoringDataSource(pool, 5))
				.sql("show work_mem")
				.query(String.class)
				.single()).isEqualTo("7MB");
		}
	}

	@Test
	void databaseThatIsDownIsNotAskedTwice() {
		try (HikariDataSource pool = new HikariDataSource()) {
			pool.setJdbcUrl("jdbc:postgresql://localhost:1/orders");
			assertThatExceptionOfType(SQLException.class)
				.isThrownBy(() -> new MonitoringDataSource(pool, 5).getConnection())
				.withMessageContaining("refused");
			assertThat(pool.getHikariPoolMXBean()).isNull();
		}
	}

	private static HikariDataSource pool(TestDatabase database) {
		HikariDataSource pool = new HikariDataSource();
		pool.setJdbcUrl(database.url());
		pool.setUsername(database.username());
		pool.setPassword(database.password());
		pool.setMaximumPoolSize(1);
		return pool;
	}

	private static String applicationName(DataSource dataSource) {
		return JdbcClient.create(dataSource)
			.sql("select current_setting('application_name')")
			.query(String.class)
			.single();
	}

}
