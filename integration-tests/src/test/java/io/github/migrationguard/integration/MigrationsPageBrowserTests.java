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

package io.github.migrationguard.integration;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

import io.github.migrationguard.integration.slices.SliceApplication;
import io.github.migrationguard.testsupport.Awaiting;
import io.github.migrationguard.testsupport.Changelog;
import io.github.migrationguard.testsupport.EmbeddedPostgresTest;
import io.github.migrationguard.testsupport.OtherSession;
import io.github.migrationguard.testsupport.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the page of the endpoint in a real browser, of a real application whose
 * migration is blocked.
 *
 * @author Migration Guard
 */
@ChromiumTest
@EmbeddedPostgresTest
class MigrationsPageBrowserTests {

	private static final String SCRIPT = "<script>document.title='hacked'</script>";

	private static final Path SCREENSHOT = Path.of("target", "migrations-page.png");

	private static Chromium chromium;

	private TestDatabase database;

	private OtherSession root;

	private OtherSession middle;

	private OtherSession reader;

	private CompletableFuture<ConfigurableApplicationContext> service;

	@BeforeAll
	static void startChromium() {
		chromium = Chromium.start();
	}

	@AfterAll
	static void stopChromium() {
		chromium.close();
	}

	/**
	 * A forgotten transaction, a report that waits for it, a migration that waits for the
	 * report, and a request that waits for the migration.
	 */
	@BeforeEach
	void blockMigration(TestDatabase database, @TempDir Path directory) {
		this.database = database;
		database.client().sql("create table customers (id int)").update();
		database.client().sql("create table orders (id int)").update();
		this.root = OtherSession.open(database, "psql " + SCRIPT).begin("lock table customers in share mode");
		this.root.execute("select id as \"%s\" from customers where id = 42".formatted(SCRIPT));
		this.middle = OtherSession.open(database, "nightly-report").begin("select * from orders");
		this.middle.executeInBackground("update customers set id = 1");
		int port = Http.freePort();
		Changelog changelog = Changelog.empty().changeSet("add-total", "alter table orders add total numeric(12, 2)");
		Service service = Service.of(database, changelog, directory, SliceApplication.class)
			.with("server.port", port)
			.with("spring.application.name", "orders")
			.with("migration-guard.instance-id", "orders/orders-7c9f-0")
			.with("migration-guard.ddl.lock-timeout", "10m")
			.with("migration-guard.ddl.max-stall", "10m")
			.with("management.endpoint.migrations.show-values", "always");
		this.service = CompletableFuture.supplyAsync(service::start);
		Http http = new Http(port);
		Awaiting.await("server").until(http::isReachable);
		Awaiting.await("blocked").until(() -> http.body("/actuator/migrations").contains("\"blockers\":[{"));
		this.reader = OtherSession.open(database, "orders-web");
		this.reader.executeInBackground("select * from orders");
		Awaiting.await("queue").until(() -> http.body("/actuator/migrations").contains("\"sessions\":1"));
		chromium.preferColorScheme("light");
		chromium.resize(1000, 1100);
		chromium.open("http://localhost:%d/actuator/migrations".formatted(port));
		awaitText("h1", "Migrating");
	}

	@AfterEach
	void release() {
		chromium.leave();
		this.root.close();
		this.middle.close();
		this.reader.close();
		this.service.join().close();
	}

	@Test
	void lockQueueIsShownAsTreeAndWhatOthersWroteIsText() {
		assertThat(chromium.texts(".tree > ul > li > article h4")).singleElement()
			.asString()
			.contains("Idle in transaction", "pid " + this.root.pid());
		assertThat(chromium.texts(".tree > ul > li > ul > li > article h4")).singleElement()
			.asString()
			.contains("pid " + this.middle.pid());
		awaitText(".node.migration", "alter table orders add total");
		assertThat(chromium.texts(".node.migration")).singleElement().asString().contains("orders/orders-7c9f-0");
		assertThat(chromium.texts(".node.queue")).singleElement()
			.asString()
			.contains("1 session", "pid " + this.reader.pid(), "orders-web");
		assertThat(chromium.texts(".tree article").get(0)).contains("psql " + SCRIPT,
				"select id as \"%s\" from customers where id = ?".formatted(SCRIPT),
				"select pg_terminate_backend(%d)".formatted(this.root.pid()));
		assertThat(chromium.title()).isEqualTo("Migrating orders/orders-7c9f-0");
		assertThat(chromium.execute("return document.scripts.length")).isEqualTo(1L);
		assertThat(chromium.console()).isEmpty();
		chromium.screenshot(SCREENSHOT);
	}

	@Test
	void pageIsLightOrDarkAndFitsPhone() {
		assertThat(chromium.style("body", "background-color")).isEqualTo("rgba(244, 246, 248, 1)");
		chromium.preferColorScheme("dark");
		assertThat(chromium.style("body", "background-color")).isEqualTo("rgba(16, 22, 29, 1)");
		chromium.resize(390, 844);
		assertThat(chromium.execute("return document.documentElement.scrollWidth <= window.innerWidth"))
			.isEqualTo(true);
		assertThat(chromium.console()).isEmpty();
	}

	@Test
	void pageFollowsTheMigrationByItself() {
		this.root.close();
		this.middle.close();
		awaitText("h1", "Completed");
		assertThat(chromium.texts(".tree")).isEmpty();
		assertThat(chromium.console()).isEmpty();
	}

	private static void awaitText(String selector, String text) {
		Awaiting.await(text).until(() -> chromium.texts(selector).stream().anyMatch((shown) -> shown.contains(text)));
	}

	/**
	 * Even if something was not escaped.
	 */
	@Test
	void policyKeepsScriptsFromRunning() {
		chromium.execute("""
				const script = document.createElement('script');
				script.textContent = "document.title = 'hacked'";
				document.head.append(script);
				const image = new Image();
				image.src = 'http://localhost:1/image.png';""");
		assertThat(chromium.title()).startsWith("Migrating");
		Awaiting.await("violations")
			.untilAsserted(() -> assertThat(String.join("\n", chromium.console())).contains("Content Security Policy"));
	}

}
