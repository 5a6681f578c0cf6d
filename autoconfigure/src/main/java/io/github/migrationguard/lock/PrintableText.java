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

import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Text that others have chosen, as it may stand in a line of the log.
 *
 * @author Migration Guard
 */
public final class PrintableText {

	/**
	 * Controls, what turns the direction of the text or cannot be seen, and everything
	 * that ends a line.
	 */
	private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]");

	private PrintableText() {
	}

	/**
	 * Write what cannot be printed as in a Java literal. A quoted identifier stays one,
	 * although of nothing that exists.
	 * @param text the text
	 * @return the text on one line
	 */
	public static String of(String text) {
		return UNPRINTABLE.matcher(text)
			.replaceAll((character) -> character.group()
				.chars()
				.mapToObj("\\\\u%04x"::formatted)
				.collect(Collectors.joining()));
	}

}
