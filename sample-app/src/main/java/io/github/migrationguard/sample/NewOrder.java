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

import jakarta.validation.Valid;
import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.Positive;

/**
 * An order that a customer wants to place.
 *
 * @param customer the e-mail address of the customer
 * @param lines what is ordered
 * @author Migration Guard
 */
record NewOrder(@NotBlank @Email String customer, @NotEmpty List<@Valid Line> lines) {

	/**
	 * One line of a {@link NewOrder}.
	 *
	 * @param sku the number of the product
	 * @param quantity how many of them
	 */
	record Line(@NotBlank String sku, @Positive int quantity) {

	}

}
