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

import java.math.BigDecimal;
import java.time.OffsetDateTime;
import java.util.List;

/**
 * An order with all of its lines.
 *
 * @param id the number of the order
 * @param customer the e-mail address of the customer
 * @param placedAt when the order was placed
 * @param total what the lines cost together
 * @param lines what was ordered
 * @author Migration Guard
 */
record Order(long id, String customer, OffsetDateTime placedAt, BigDecimal total, List<Line> lines) {

	/**
	 * One line of an {@link Order}.
	 *
	 * @param sku the number of the product
	 * @param product the name of the product
	 * @param quantity how many of them
	 * @param unitPrice the price of one
	 */
	record Line(String sku, String product, int quantity, BigDecimal unitPrice) {

	}

}
