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

import java.net.URI;
import java.util.List;

import jakarta.validation.Valid;

import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Orders over HTTP.
 *
 * @author Migration Guard
 */
@RestController
@RequestMapping("/orders")
class OrderController {

	private static final int LATEST = 20;

	private final OrderRepository orders;

	OrderController(OrderRepository orders) {
		this.orders = orders;
	}

	@GetMapping
	List<OrderSummary> latest() {
		return this.orders.findLatest(LATEST);
	}

	@GetMapping("/{id}")
	ResponseEntity<Order> order(@PathVariable long id) {
		return ResponseEntity.of(this.orders.findById(id));
	}

	@GetMapping("/totals")
	List<CustomerTotal> totals() {
		return this.orders.findTotals();
	}

	@PostMapping
	ResponseEntity<Order> place(@RequestBody @Valid NewOrder order) {
		long id = this.orders.add(order);
		return ResponseEntity.created(URI.create("/orders/" + id)).body(this.orders.findById(id).orElseThrow());
	}

}
