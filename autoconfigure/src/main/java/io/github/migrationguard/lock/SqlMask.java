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

import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Masks the literals of an SQL statement and drops its comments, so that it can be shown
 * without the data in it.
 *
 * @author Migration Guard
 * @since 0.1.0
 */
public final class SqlMask {

	private static final int MAX_READ = 2000;

	private static final int MAX_SHOWN = 300;

	/**
	 * In this order: comments, quoted identifiers, dollar-quoted, escaped and plain
	 * string literals (each closed, or cut off by the end of the text) and numbers that
	 * are no part of a name.
	 */
	private static final Pattern TOKEN = Pattern.compile("""
			--[^\\n]*\
			|/\\*.*?(?:\\*/|\\z)\
			|"[^"]*(?:"|\\z)\
			|\\$([A-Za-z_0-9]*)\\$.*?(?:\\$\\1\\$|\\z)\
			|[eE]'(?:[^'\\\\]++|''|\\\\.)*+(?:'|\\\\?\\z)\
			|'(?:[^']++|'')*+(?:'|\\z)\
			|(?<![\\w$"])\\d+(?:\\.\\d+)?(?![\\w"])""", Pattern.DOTALL);

	private SqlMask() {
	}

	/**
	 * Mask a statement.
	 * @param sql the statement, which may be cut off
	 * @return the first part of it without literals and comments, or {@code null} if
	 * there is none
	 */
	public static @Nullable String maskLiterals(@Nullable String sql) {
		if (sql == null || sql.isBlank()) {
			return null;
		}
		String masked = TOKEN.matcher(cut(sql, MAX_READ, "")).replaceAll(SqlMask::mask).strip();
		return cut(masked, MAX_SHOWN, "...");
	}

	private static String mask(MatchResult token) {
		return switch (token.group().charAt(0)) {
			case '-', '/' -> "";
			case '"' -> Matcher.quoteReplacement(token.group());
			default -> "?";
		};
	}

	private static String cut(String text, int length, String mark) {
		return (text.length() > length) ? text.substring(0, length) + mark : text;
	}

}
