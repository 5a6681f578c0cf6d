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

package io.github.migrationguard.sample;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.resttestclient.autoconfigure.AutoConfigureRestTestClient;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.web.servlet.client.RestTestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link OrdersApplication} on the database that it starts by itself, whatever
 * migrates it.
 *
 * @author Migration Guard
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@AutoConfigureRestTestClient
abstract class AbstractOrdersApplicationTests {

	@Autowired
	private RestTestClient client;

	@Autowired
	private JdbcClient jdbcClient;

	private final String tool;

	private final List<String> tables = new ArrayList<>(List.of("customers", "products", "orders", "order_lines"));

	AbstractOrdersApplicationTests(String tool, String... tables) {
		this.tool = tool;
		this.tables.addAll(List.of(tables));
	}

	@Test
	void oneToolHasMadeTheTables() {
		assertThat(this.jdbcClient.sql("select tablename from pg_tables where schemaname = 'public'")
			.query(String.class)
			.list()).containsExactlyInAnyOrderElementsOf(this.tables);
	}

	@Test
	void indexThatIsBuiltConcurrentlyIsValid() {
		assertThat(this.jdbcClient
			.sql("select indisvalid from pg_index where indexrelid = 'orders_placed_at_idx'::regclass")
			.query(Boolean.class)
			.single()).isTrue();
	}

	@Test
	void databaseBelongsToAnOrdinaryRole() {
		assertThat(this.jdbcClient.sql("select rolsuper from pg_roles where rolname = current_user")
			.query(Boolean.class)
			.single()).isFalse();
	}

	@Test
	void readinessIsUp() {
		this.client.get().uri("/actuator/health/readiness").exchange().expectStatus().isOk();
	}

	@Test
	void endpointShowsWhatWasDone() {
		this.client.get()
			.uri("/actuator/migrations/{name}", this.tool)
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody()
			.jsonPath("$.state")
			.isEqualTo("COMPLETED")
			.jsonPath("$.progress.applied")
			.isEqualTo(12)
			.jsonPath("$.progress.pending")
			.isEqualTo(0);
	}

	@Test
	void orderIsPlacedAndFound() {
		String location = this.client.post()
			.uri("/orders")
			.contentType(MediaType.APPLICATION_JSON)
			.body("""
					{"customer": "ada@example.com", "lines": [{"sku": "PEN", "quantity": 2}, {"sku": "INK", "quantity": 1}]}
					""")
			.exchange()
			.expectStatus()
			.isCreated()
			.expectBody()
			.jsonPath("$.total")
			.isEqualTo(77.9)
			.returnResult()
			.getResponseHeaders()
			.getFirst("Location");
		this.client.get()
			.uri(location)
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody()
			.jsonPath("$.customer")
			.isEqualTo("ada@example.com")
			.jsonPath("$.lines.length()")
			.isEqualTo(2)
			.jsonPath("$.lines[1].product")
			.isEqualTo("Bottle of ink");
	}

	@Test
	void listShowsTheLatestOrders() {
		this.client.get()
			.uri("/orders")
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody()
			.jsonPath("$.length()")
			.isEqualTo(20)
			.jsonPath("$[0].total")
			.isNotEmpty();
	}

	@Test
	void totalsHaveOneRowPerCustomer() {
		this.client.get()
			.uri("/orders/totals")
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody()
			.jsonPath("$.length()")
			.isEqualTo(3);
	}

	@Test
	void orderWithoutLinesIsRefused() {
		place("""
				{"customer": "ada@example.com", "lines": []}
				""", HttpStatus.BAD_REQUEST);
	}

	@Test
	void orderWithoutQuantityIsRefused() {
		place("""
				{"customer": "ada@example.com", "lines": [{"sku": "PEN", "quantity": 0}]}
				""", HttpStatus.BAD_REQUEST);
	}

	@Test
	void orderOfUnknownProductIsRefusedAsAWhole() {
		int before = countOrders();
		place("""
				{"customer": "ada@example.com", "lines": [{"sku": "PEN", "quantity": 1}, {"sku": "CAR", "quantity": 1}]}
				""", HttpStatus.UNPROCESSABLE_CONTENT).jsonPath("$.detail").isEqualTo("There is no product 'CAR'");
		assertThat(countOrders()).isEqualTo(before);
	}

	@Test
	void orderOfUnknownCustomerIsRefused() {
		place("""
				{"customer": "nobody@example.com", "lines": [{"sku": "PEN", "quantity": 1}]}
				""", HttpStatus.UNPROCESSABLE_CONTENT).jsonPath("$.detail")
			.isEqualTo("There is no customer 'nobody@example.com'");
	}

	@Test
	void unknownOrderIsNotFound() {
		this.client.get().uri("/orders/{id}", Long.MAX_VALUE).exchange().expectStatus().isNotFound();
	}

	private RestTestClient.BodyContentSpec place(String order, HttpStatus expected) {
		return this.client.post()
			.uri("/orders")
			.contentType(MediaType.APPLICATION_JSON)
			.body(order)
			.exchange()
			.expectStatus()
			.isEqualTo(expected)
			.expectBody();
	}

	private int countOrders() {
		return this.jdbcClient.sql("select count(*) from orders").query(Integer.class).single();
	}

}
