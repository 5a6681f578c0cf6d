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

package io.github.migrationguard.flyway;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import org.flywaydb.core.api.Location;
import org.flywaydb.core.api.ResourceProvider;
import org.flywaydb.core.api.callback.Event;
import org.flywaydb.core.api.configuration.ClassicConfiguration;
import org.flywaydb.core.api.migration.JavaMigration;
import org.flywaydb.core.api.resource.LoadableResource;
import org.flywaydb.core.internal.scanner.Scanner;

import org.springframework.util.FileCopyUtils;

/**
 * The files that Flyway finds in its locations, without those that are callbacks: a look
 * must not execute anything.
 *
 * @author Migration Guard
 */
final class MigrationFiles implements ResourceProvider {

	private final ClassicConfiguration configuration;

	private final ResourceProvider files;

	private final boolean withCallbacks;

	/**
	 * Find the files, and leave the callbacks out of a configuration.
	 * @param configuration the configuration, a copy of the user's
	 */
	MigrationFiles(ClassicConfiguration configuration) {
		this.configuration = configuration;
		this.files = files(configuration);
		this.withCallbacks = configuration.getCallbacks().length > 0 || hasCallbackFiles();
		configuration.setResourceProvider(this);
		configuration.setCallbacksAsClassNames();
		configuration.setCallbacks();
		configuration.setCallbackLocations();
		configuration.setSkipDefaultCallbacks(true);
	}

	private static ResourceProvider files(ClassicConfiguration configuration) {
		ResourceProvider provided = configuration.getResourceProvider();
		if (provided != null && configuration.getJavaMigrationClassProvider() != null) {
			return provided;
		}
		Scanner<JavaMigration> scanner = scan(configuration, configuration.getLocations());
		if (configuration.getJavaMigrationClassProvider() == null) {
			configuration.setJavaMigrationClassProvider(scanner);
		}
		return (provided != null) ? provided : scanner;
	}

	private static Scanner<JavaMigration> scan(ClassicConfiguration configuration, Location[] locations) {
		return new Scanner<>(JavaMigration.class, configuration, locations);
	}

	private boolean hasCallbackFiles() {
		Location[] locations = this.configuration.getCallbackLocations();
		ResourceProvider files = (locations.length > 0) ? scan(this.configuration, locations) : this.files;
		boolean skipSql = this.configuration.isSkipDefaultCallbacks();
		return files.getResources("", new String[] { "" })
			.stream()
			.anyMatch((file) -> isCallback(file) && !(skipSql && isSql(file)));
	}

	private boolean isSql(LoadableResource file) {
		return List.of(this.configuration.getSqlMigrationSuffixes())
			.stream()
			.anyMatch((suffix) -> file.getFilename().endsWith(suffix));
	}

	private boolean isCallback(LoadableResource file) {
		String name = file.getFilename().split("\\.", 2)[0];
		int separator = name.indexOf(this.configuration.getSqlMigrationSeparator());
		return Event.fromId((separator >= 0) ? name.substring(0, separator) : name) != null;
	}

	/**
	 * Return whether the user has any callback.
	 */
	boolean hasCallbacks() {
		return this.withCallbacks;
	}

	@Override
	public LoadableResource getResource(String name) {
		return this.files.getResource(name);
	}

	@Override
	public Collection<LoadableResource> getResources(String prefix, String[] suffixes) {
		return this.files.getResources(prefix, suffixes).stream().filter((file) -> !isCallback(file)).toList();
	}

	/**
	 * Return whether a script holds one of Flyway's own placeholders.
	 */
	boolean containsPlaceholder(String script, Set<String> names) {
		LoadableResource file = getResource(script);
		if (file == null || !this.configuration.isPlaceholderReplacement()) {
			return false;
		}
		String text = read(file).toLowerCase(Locale.ROOT);
		return names.stream().map(this::placeholder).anyMatch(text::contains);
	}

	private String placeholder(String name) {
		String placeholder = this.configuration.getPlaceholderPrefix() + "flyway"
				+ this.configuration.getPlaceholderSeparator() + name + this.configuration.getPlaceholderSuffix();
		return placeholder.toLowerCase(Locale.ROOT);
	}

	private static String read(LoadableResource file) {
		try {
			return FileCopyUtils.copyToString(file.read());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
