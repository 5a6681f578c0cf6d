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

package io.github.migrationguard;

import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.BeanWrapper;
import org.springframework.beans.PropertyAccessorFactory;

/**
 * JDBC URLs: what they tell about the database, and how they can be shown.
 *
 * @author Migration Guard
 */
public final class JdbcUrls {

	private static final String HOST = "(?:[\\w.%-]++|\\[[\\w.:%]++])?(?::\\d++)?";

	private static final Pattern HOSTS = Pattern.compile("//" + HOST + "(?:," + HOST + ")*+(?=/|$)");

	/**
	 * A URL, also one that lacks its beginning.
	 */
	private static final Pattern URL = Pattern.compile("(?i)(?:jdbc:|(?<![a-z])[a-z][a-z0-9+.-]*+://)[^\\s'\"]++");

	/**
	 * A password in front of a host.
	 */
	private static final Pattern USER_INFO = Pattern.compile("(?<![^\\s'\"/@])[^\\s'\"/@:]*+:[^\\s@]*+@");

	private static final Pattern LINE = Pattern.compile(".+");

	private static final String HIDDEN = "...";

	private static final List<String> URL_PROPERTIES = List.of("jdbcUrl", "url", "URL");

	private static final List<String> LOGIN_PROPERTIES = List.of("username", "user", "schema", "connectionInitSql");

	private JdbcUrls() {
	}

	/**
	 * Return whether the URL of a data source says that it is not PostgreSQL. Asks only
	 * the data source, never the database.
	 * @param dataSource the data source
	 * @return whether it is certainly another database
	 */
	public static boolean isOtherDatabase(DataSource dataSource) {
		String url = findUrl(dataSource);
		return url != null && url.startsWith("jdbc:") && !prefix(url).contains(":postgresql:")
				&& !prefix(url).contains(":postgis:");
	}

	private static String prefix(String url) {
		int end = url.indexOf("//");
		return (end >= 0) ? url.substring(0, end) : url;
	}

	private static @Nullable String findUrl(DataSource dataSource) {
		return read(TargetDataSource.of(dataSource), URL_PROPERTIES).filter(String.class::isInstance)
			.map(String.class::cast)
			.findFirst()
			.orElse(null);
	}

	/**
	 * Return what a data source tells about the database to which it leads, and as whom.
	 * @param dataSource the data source
	 * @return what is equal if it leads there in the same way, or what is behind the data
	 * source if it tells nothing
	 */
	static Object findAddress(DataSource dataSource) {
		DataSource target = TargetDataSource.of(dataSource);
		List<Object> address = Stream.concat(read(target, URL_PROPERTIES), read(target, LOGIN_PROPERTIES)).toList();
		return address.isEmpty() ? target : address;
	}

	private static Stream<Object> read(DataSource dataSource, List<String> properties) {
		BeanWrapper bean = PropertyAccessorFactory.forBeanPropertyAccess(dataSource);
		return properties.stream()
			.filter(bean::isReadableProperty)
			.map(bean::getPropertyValue)
			.filter(Objects::nonNull);
	}

	/**
	 * Remove user, password and all parameters. What cannot be told from a password is
	 * hidden as well.
	 */
	static String withoutSecrets(String url) {
		String[] parts = url.split("[?;]", 2);
		int authority = parts[0].indexOf("//");
		if (authority < 0) {
			return parts[0];
		}
		String scheme = parts[0].substring(0, authority);
		String rest = parts[0].substring(authority + 2);
		String hosts = "//" + rest.substring(rest.lastIndexOf('@') + 1);
		boolean cut = parts.length > 1 && parts[1].contains("@") && !rest.contains("/");
		return scheme + ((HOSTS.matcher(hosts).lookingAt() && !cut) ? hosts : "//" + HIDDEN);
	}

	/**
	 * Remove user, password and all parameters from every URL in a text. A password may
	 * contain what ends a URL, so the rest of the line is hidden if something was
	 * removed.
	 */
	static String withoutSecretsIn(String text) {
		return LINE.matcher(text)
			.replaceAll((line) -> Matcher
				.quoteReplacement(USER_INFO.matcher(withoutUrlSecrets(line.group())).replaceAll(HIDDEN + "@")));
	}

	private static String withoutUrlSecrets(String line) {
		StringBuilder shown = new StringBuilder();
		Matcher url = URL.matcher(line);
		int end = 0;
		while (url.find()) {
			String withoutSecrets = withoutSecrets(url.group());
			shown.append(line, end, url.start()).append(withoutSecrets);
			end = url.end();
			if (!withoutSecrets.equals(url.group())) {
				return shown.append((end < line.length()) ? HIDDEN : "").toString();
			}
		}
		return shown.append(line.substring(end)).toString();
	}

}
