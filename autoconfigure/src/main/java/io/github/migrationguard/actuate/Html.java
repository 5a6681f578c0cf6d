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
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.web.util.HtmlUtils;

/**
 * A piece of HTML. Whatever is put into a template is escaped, unless it is a piece of
 * HTML itself: names and statements of other sessions are written by anybody.
 *
 * @author Migration Guard
 */
final class Html {

	static final Html NOTHING = new Html("");

	/**
	 * Characters that are not to be seen or that turn the direction of the text.
	 */
	private static final Pattern INVISIBLE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\uFFFE\\uFFFF&&[^\\n\\t]]");

	private static final String REPLACEMENT = "\uFFFD";

	private final String markup;

	private Html(String markup) {
		this.markup = markup;
	}

	/**
	 * Fill a template.
	 * @param template the markup, a constant, with a {@code %s} for each value.
	 * Attributes have double quotes
	 * @param values the values
	 * @return the piece
	 */
	static Html of(String template, Object... values) {
		return new Html(template.formatted(Stream.of(values).map(Html::escape).toArray()));
	}

	/**
	 * Fill a template for a value that may be absent.
	 * @param value the value
	 * @param piece makes a piece of the value
	 * @return the piece, empty without a value
	 */
	static <T> Html ifPresent(@Nullable T value, Function<T, Html> piece) {
		return (value != null) ? piece.apply(value) : NOTHING;
	}

	/**
	 * Put a piece for each value one behind the other.
	 * @param values the values
	 * @param piece makes a piece of a value
	 * @return the pieces as one
	 */
	static <T> Html forEach(Collection<T> values, Function<T, Html> piece) {
		return new Html(values.stream().map(piece).map(Html::toString).collect(Collectors.joining("\n")));
	}

	/**
	 * Put values that may be absent side by side.
	 * @param values the values
	 * @return a line with those that are there
	 */
	static Html line(@Nullable Object... values) {
		List<Object> present = Stream.of(values).filter(Objects::nonNull).toList();
		return !present.isEmpty()
				? of("<p class=\"line\">%s</p>", forEach(present, (value) -> of("<span>%s</span>", value))) : NOTHING;
	}

	private static String escape(Object value) {
		if (value instanceof Html html) {
			return html.markup;
		}
		String visible = INVISIBLE.matcher(value.toString()).replaceAll(REPLACEMENT);
		return HtmlUtils.htmlEscape(visible, StandardCharsets.UTF_8.name());
	}

	@Override
	public String toString() {
		return this.markup;
	}

}
