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

import java.time.Instant;
import java.util.Map;

/**
 * The page that a browser is shown: all that the JSON says, made for people. It has no
 * script, loads nothing from anywhere and refreshes itself.
 *
 * @author Migration Guard
 */
class MigrationsPage {

	private static final String PAGE = """
			<!DOCTYPE html>
			<html lang="en">
			<head>
			<meta charset="utf-8" />
			<meta http-equiv="Content-Security-Policy" content="%s" />
			<meta http-equiv="refresh" content="%s" />
			<meta name="viewport" content="width=device-width, initial-scale=1" />
			<meta name="color-scheme" content="light dark" />
			<meta name="referrer" content="no-referrer" />
			<title>%s %s</title>
			<link rel="icon" href="data:," />
			<style>%s</style>
			</head>
			<body>
			<header>
			<h1>%s <span class="badge %s">%s</span></h1>
			%s
			</header>
			<main>
			%s
			</main>
			<footer>
			<p>Refreshed every %s seconds. Any other client gets this as JSON.</p>
			</footer>
			</body>
			</html>
			""";

	private static final int REFRESH_SECONDS = 2;

	private static final int REFRESH_SECONDS_WHEN_QUIET = 10;

	private final MigrationsDescriptor migrations;

	private final ReadableTime time;

	MigrationsPage(MigrationsDescriptor migrations, Instant now) {
		this.migrations = migrations;
		this.time = new ReadableTime(now);
	}

	String render() {
		String instance = this.migrations.instance();
		Object state = this.migrations.state();
		int refresh = isQuiet() ? REFRESH_SECONDS_WHEN_QUIET : REFRESH_SECONDS;
		return Html
			.of(PAGE, PageStyle.POLICY, refresh, state, instance, PageStyle.CSS, instance,
					MigrationView.tone(this.migrations.state()), state, line(),
					Html.forEach(this.migrations.migrations().entrySet(), this::migration), refresh)
			.toString();
	}

	private Html line() {
		return Html.line("Migrations run in mode " + this.migrations.startup().mode(),
				this.migrations.startup().reason(), (this.migrations.sampledAt() != null)
						? Html.of("database seen %s", this.time.relative(this.migrations.sampledAt())) : null);
	}

	private Html migration(Map.Entry<String, MigrationDescriptor> migration) {
		return new MigrationView(this.migrations.instance(), migration.getKey(), migration.getValue(), this.time)
			.render();
	}

	/**
	 * A page that is left open must not keep the database busy for nothing.
	 */
	private boolean isQuiet() {
		return this.migrations.migrations()
			.values()
			.stream()
			.allMatch((migration) -> migration.state().isDone()
					&& (migration.lock() == null || migration.lock().holder() == null));
	}

}
