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

import java.util.List;
import java.util.Optional;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/**
 * Reads and writes orders.
 *
 * @author Migration Guard
 */
@Repository
class OrderRepository {

	private static final String FIND_LATEST = """
			select id, customer, placed_at, lines, total from order_summary order by placed_at desc, id desc limit :limit
			""";

	private static final String FIND_SUMMARY = """
			select id, customer, placed_at, lines, total from order_summary where id = :id
			""";

	private static final String FIND_LINES = """
			select products.sku, products.name as product, order_lines.quantity, order_lines.unit_price
			from order_lines join products on products.id = order_lines.product_id
			where order_lines.order_id = :id order by order_lines.line
			""";

	private static final String FIND_TOTALS = """
			select customer, count(*) as orders, sum(total) as total
			from order_summary group by customer order by total desc, customer
			""";

	private static final String ADD_ORDER = """
			insert into orders (customer_id) select id from customers where email = :customer returning id
			""";

	private static final String ADD_LINE = """
			insert into order_lines (order_id, line, product_id, quantity, unit_price)
			select :id, :line, id, :quantity, price from products where sku = :sku
			""";

	private static final String UPDATE_TOTAL = """
			update orders set total = (select sum(quantity * unit_price) from order_lines where order_id = :id)
			where id = :id
			""";

	private final JdbcClient jdbcClient;

	OrderRepository(JdbcClient jdbcClient) {
		this.jdbcClient = jdbcClient;
	}

	List<OrderSummary> findLatest(int limit) {
		return this.jdbcClient.sql(FIND_LATEST).param("limit", limit).query(OrderSummary.class).list();
	}

	Optional<Order> findById(long id) {
		return this.jdbcClient.sql(FIND_SUMMARY)
			.param("id", id)
			.query(OrderSummary.class)
			.optional()
			.map(this::addLines);
	}

	private Order addLines(OrderSummary summary) {
		List<Order.Line> lines = this.jdbcClient.sql(FIND_LINES)
			.param("id", summary.id())
			.query(Order.Line.class)
			.list();
		return new Order(summary.id(), summary.customer(), summary.placedAt(), summary.total(), lines);
	}

	List<CustomerTotal> findTotals() {
		return this.jdbcClient.sql(FIND_TOTALS).query(CustomerTotal.class).list();
	}

	@Transactional
	long add(NewOrder order) {
		long id = addOrder(order);
		for (int i = 0; i < order.lines().size(); i++) {
			addLine(id, i + 1, order.lines().get(i));
		}
		this.jdbcClient.sql(UPDATE_TOTAL).param("id", id).update();
		return id;
	}

	private long addOrder(NewOrder order) {
		return this.jdbcClient.sql(ADD_ORDER)
			.param("customer", order.customer())
			.query(Long.class)
			.optional()
			.orElseThrow(() -> new UnknownReferenceException("customer", order.customer()));
	}

	private void addLine(long id, int number, NewOrder.Line line) {
		int added = this.jdbcClient.sql(ADD_LINE)
			.param("id", id)
			.param("line", number)
			.param("quantity", line.quantity())
			.param("sku", line.sku())
			.update();
		if (added == 0) {
			throw new UnknownReferenceException("product", line.sku());
		}
	}

}
