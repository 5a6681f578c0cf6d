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

package io.github.migrationguard.benchmarks;

import java.util.Locale;

/**
 * Unit of a measured value.
 *
 * @author Migration Guard
 */
enum Unit {

	SECONDS("s", 2), MILLISECONDS("ms", 2), MICROSECONDS("µs", 3), COUNT("", 0), RATE("", 2), KILOBYTES("KB", 0);

	/**
	 * A fraction of a larger value is less than the noise.
	 */
	private static final double LARGE = 100;

	private final String symbol;

	private final int decimals;

	Unit(String symbol, int decimals) {
		this.symbol = symbol;
		this.decimals = decimals;
	}

	String symbol() {
		return this.symbol;
	}

	/**
	 * Format a value without its unit, with the decimals that tell something.
	 * @param value the value
	 */
	String format(double value) {
		return String.format(Locale.ROOT, "%,." + decimals(value) + "f", value);
	}

	private int decimals(double value) {
		if (this == COUNT) {
			return (value == Math.rint(value)) ? 0 : 1;
		}
		return (value < LARGE) ? this.decimals : 0;
	}

	String formatWithSymbol(double value) {
		return format(value) + (this.symbol.isEmpty() ? "" : " " + this.symbol);
	}

}
