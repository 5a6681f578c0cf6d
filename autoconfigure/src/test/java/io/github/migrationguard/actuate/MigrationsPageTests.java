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

package io.github.migrationguard.actuate;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link MigrationsPage} as a file. What a browser makes of it is tested in
 * one.
 *
 * @author Migration Guard
 */
class MigrationsPageTests {

	/**
	 * What the WCAG asks for at level AA.
	 */
	private static final double ENOUGH = 4.5;

	private static final Pattern COLOR = Pattern.compile("--([a-z-]+): #([0-9a-f]{3,6})");

	private static final String PAGE = new MigrationsPage().toString();

	@Test
	@Tag("security:S13")
	void policyAllowsNothingButItsStyleItsScriptAndTheQuestionForTheJson() throws Exception {
		assertThat(find("http-equiv=\"Content-Security-Policy\" content=\"([^\"]*)\"")).containsExactly(
				"default-src 'none'; style-src '%s'; script-src '%s'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'"
					.formatted(hash("style"), hash("script")));
		assertThat(find("(?:href|src)=\"([^\"]*)\"")).containsExactly("data:,");
		assertThat(find(" (style|on[a-z]+)=\"")).isEmpty();
	}

	@Test
	@Tag("security:S31")
	void scriptWritesNothingButText() {
		assertThat(PAGE).doesNotContain("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(",
				"Function(", "setAttribute('on");
	}

	@Test
	void tellsWhereTheJsonIsWithoutScript() {
		assertThat(find("<p class=\"notice\">(.*?)</p>")).singleElement()
			.asString()
			.contains("Accept: application/json");
	}

	private static String hash(String element) throws Exception {
		String content = find("(?s)<%s>(.*?)</%s>".formatted(element, element)).get(0);
		byte[] digest = MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8));
		return "sha256-" + Base64.getEncoder().encodeToString(digest);
	}

	private static List<String> find(String pattern) {
		return Pattern.compile(pattern).matcher(PAGE).results().map((result) -> result.group(1)).toList();
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void textHasEnoughContrast(boolean dark) {
		String[] schemes = PAGE.split("prefers-color-scheme: dark");
		assertThat(schemes).hasSize(2);
		Map<String, String> colors = COLOR.matcher(schemes[dark ? 1 : 0])
			.results()
			.collect(Collectors.toMap((result) -> result.group(1), (MatchResult result) -> result.group(2)));
		for (String back : new String[] { "page", "card", "code" }) {
			assertContrast(colors, "text", back);
			assertContrast(colors, "soft", back);
		}
		for (String tone : new String[] { "good", "bad", "warn", "busy", "quiet" }) {
			assertContrast(colors, tone, tone + "-back");
			assertContrast(colors, tone, "card");
		}
	}

	private static void assertContrast(Map<String, String> colors, String text, String back) {
		double first = luminance(colors.get(text));
		double second = luminance(colors.get(back));
		double contrast = (Math.max(first, second) + 0.05) / (Math.min(first, second) + 0.05);
		assertThat(contrast).as("%s on %s", text, back).isGreaterThanOrEqualTo(ENOUGH);
	}

	private static double luminance(String color) {
		String hex = (color.length() == 3) ? color.replaceAll("(.)", "$1$1") : color;
		double[] linear = IntStream.of(0, 2, 4)
			.mapToDouble((index) -> Integer.parseInt(hex.substring(index, index + 2), 16) / 255.0)
			.map((part) -> (part <= 0.04045) ? part / 12.92 : Math.pow((part + 0.055) / 1.055, 2.4))
			.toArray();
		return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
	}

}
