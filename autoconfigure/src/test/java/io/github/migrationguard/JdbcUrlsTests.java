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

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

import org.springframework.aop.framework.ProxyFactory;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabase;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabaseBuilder;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabaseType;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link JdbcUrls}.
 *
 * @author Migration Guard
 */
class JdbcUrlsTests {

	@ParameterizedTest
	@ValueSource(strings = { "jdbc:postgresql://db/orders", "jdbc:postgresql:orders", "jdbc:tc:postgresql:17:///orders",
			"jdbc:aws-wrapper:postgresql://db/orders", "jdbc:otel:postgresql://db/orders" })
	void postgresIsNoOtherDatabase(String url) {
		assertThat(JdbcUrls.isOtherDatabase(hikari(url))).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "jdbc:h2:mem:orders", "jdbc:h2:mem:orders;MODE=PostgreSQL", "jdbc:tc:cockroach:///orders",
			"jdbc:mysql://postgresql:3306/orders" })
	void otherDatabaseIsFoundByUrl(String url) {
		assertThat(JdbcUrls.isOtherDatabase(hikari(url))).isTrue();
	}

	@Test
	void findsUrlOfEveryKindOfDataSource() {
		SimpleDriverDataSource simple = new SimpleDriverDataSource();
		simple.setUrl("jdbc:h2:mem:orders");
		assertThat(JdbcUrls.isOtherDatabase(simple)).isTrue();
		assertThat(JdbcUrls.isOtherDatabase(new DelegatingDataSource(simple))).isTrue();
		assertThat(JdbcUrls.isOtherDatabase((DataSource) new ProxyFactory(simple).getProxy())).isTrue();
		assertThat(JdbcUrls.isOtherDatabase(new LazyConnectionDataSourceProxy(hikari("jdbc:h2:mem:orders")))).isTrue();
		assertThat(JdbcUrls.isOtherDatabase(new PGSimpleDataSource())).isFalse();
		assertThat(JdbcUrls.isOtherDatabase(mock(DataSource.class))).isFalse();
	}

	@ParameterizedTest
	@CsvSource(textBlock = """
			jdbc:postgresql://db:5432/orders?user=a&password=b, jdbc:postgresql://db:5432/orders
			jdbc:postgresql://user:secret@db/orders, jdbc:postgresql://db/orders
			jdbc:postgresql://a:b@c:p@db/orders?password=x, jdbc:postgresql://db/orders
			jdbc:postgresql://user:p?s@db/orders, jdbc:postgresql://...
			jdbc:postgresql://user:1?s@db/orders, jdbc:postgresql://...
			jdbc:postgresql://user:p/s@db/orders, jdbc:postgresql://db/orders
			jdbc:postgresql://user:p;s@db/orders, jdbc:postgresql://...
			jdbc:postgresql://user:secret, jdbc:postgresql://...
			jdbc:postgresql://db:5432/orders?user=app@server, jdbc:postgresql://db:5432/orders
			'jdbc:postgresql://a:1,[::1]:2,b/orders?password=%41', 'jdbc:postgresql://a:1,[::1]:2,b/orders'
			postgres://user:secret@db/orders, postgres://db/orders
			jdbc:postgresql:///orders?password=b, jdbc:postgresql:///orders
			jdbc:postgresql:orders?password=b, jdbc:postgresql:orders
			jdbc:postgresql:orders, jdbc:postgresql:orders""")
	@Tag("security:S22")
	void showsNoSecret(String url, String shown) {
		assertThat(JdbcUrls.withoutSecrets(url)).isEqualTo(shown);
	}

	@Test
	void recognizesEmbeddedDatabase() {
		EmbeddedDatabase database = new EmbeddedDatabaseBuilder().setType(EmbeddedDatabaseType.H2)
			.generateUniqueName(true)
			.build();
		assertThat(JdbcUrls.isOtherDatabase(database)).isTrue();
		database.shutdown();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '~',
			textBlock = """
					No driver for 'jdbc:postgresql://db/orders' (x) | No driver for 'jdbc:postgresql://db/orders' (x)
					No driver for jdbc:postgres://db/orders?user=a&password=b | No driver for jdbc:postgres://db/orders
					No driver for 'jdbc:postgres://db/orders?password=b c' | No driver for 'jdbc:postgres://db/orders...
					No driver for jdbc:postgres://db/orders?password=it's | No driver for jdbc:postgres://db/orders...
					not accepted: postgres://a:b@db/orders | not accepted: postgres://db/orders
					jdbc:postgresql://db/a and jdbc:postgresql://a:b c@db/orders | jdbc:postgresql://db/a and jdbc:postgresql://......
					unknown host a:b@db | unknown host ...@db
					relation "a::b" of a@b | relation "a::b" of a@b""")
	@Tag("security:S22")
	void messageKeepsAllButSecrets(String message, String shown) {
		assertThat(JdbcUrls.withoutSecretsIn(message)).isEqualTo(shown);
		assertThat(JdbcUrls.withoutSecretsIn(message + "\nnext")).isEqualTo(shown + "\nnext");
	}

	@Test
	void messageOfAnyLengthIsRead() {
		String text = "a".repeat(100_000) + ":b,".repeat(100_000);
		assertThat(JdbcUrls.withoutSecretsIn(text)).isEqualTo(text);
		assertThat(JdbcUrls.withoutSecretsIn("jdbc:postgresql://" + text)).isEqualTo("jdbc:postgresql://...");
		String urls = "jdbc:postgresql://db/orders ".repeat(10_000);
		assertThat(JdbcUrls.withoutSecretsIn(urls)).isEqualTo(urls);
	}

	private static DataSource hikari(String url) {
		HikariDataSource dataSource = new HikariDataSource();
		dataSource.setJdbcUrl(url);
		return dataSource;
	}

}
