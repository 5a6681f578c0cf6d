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

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

import io.github.migrationguard.Attempt;
import io.github.migrationguard.MigrationState;
import io.github.migrationguard.actuate.MigrationDescriptor;
import io.github.migrationguard.actuate.MigrationDescriptor.AttemptDescriptor;
import io.github.migrationguard.actuate.MigrationDescriptor.BlockerDescriptor;
import io.github.migrationguard.actuate.MigrationDescriptor.ChangelogLockDescriptor;
import io.github.migrationguard.actuate.MigrationDescriptor.ClusterDescriptor;
import io.github.migrationguard.actuate.MigrationDescriptor.DatabaseDescriptor;
import io.github.migrationguard.actuate.MigrationDescriptor.ErrorDescriptor;
import io.github.migrationguard.actuate.MigrationDescriptor.InvalidIndexDescriptor;
import io.github.migrationguard.actuate.MigrationDescriptor.LockDescriptor;
import io.github.migrationguard.actuate.MigrationDescriptor.ParticipantDescriptor;
import io.github.migrationguard.actuate.MigrationDescriptor.ProgressDescriptor;
import io.github.migrationguard.actuate.MigrationDescriptor.QueuedBehindDescriptor;
import io.github.migrationguard.actuate.MigrationDescriptor.QueuedSessionDescriptor;
import io.github.migrationguard.actuate.MigrationDescriptor.UnitDescriptor;
import io.github.migrationguard.actuate.MigrationsDescriptor;
import io.github.migrationguard.actuate.MigrationsDescriptor.StartupDescriptor;
import io.github.migrationguard.lock.Activity;
import io.github.migrationguard.testsupport.Awaiting;
import io.github.migrationguard.watch.BlockerKind;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what the page of the endpoint makes of the JSON, in a real browser.
 *
 * @author Migration Guard
 */
@ChromiumTest
class MigrationsPageContentBrowserTests {

	private static final Instant NOW = Instant.now();

	private static final String HOSTILE = "x'\" onload=\"alert(1)\"><script>alert(1)</script></style><img src=x onerror=alert(1)>&lt;%s\u0000\u202E";

	private static final String HOSTILE_SHOWN = HOSTILE.replace('\u0000', '\uFFFD').replace('\u202E', '\uFFFD');

	private static final JsonMapper jsonMapper = JsonMapper.shared();

	private static Chromium chromium;

	private PageServer server;

	@BeforeAll
	static void startChromium() {
		chromium = Chromium.start();
	}

	@AfterAll
	static void stopChromium() {
		chromium.close();
	}

	@BeforeEach
	void startServer() {
		this.server = new PageServer();
	}

	@AfterEach
	void stopServer() {
		chromium.leave();
		this.server.close();
	}

	@Test
	@Tag("security:S31")
	void everyValueIsShownAsItIs() {
		open(hostile(MigrationState.MIGRATING, true));
		assertThat(count("//img | //@onload | //@onerror")).isZero();
		assertThat(count("//script")).isOne();
		assertThat(count("//style")).isOne();
		assertThat(countOf(text("//body"), HOSTILE_SHOWN)).isGreaterThanOrEqualTo(45);
		assertThat(chromium.title()).isEqualTo("Migrating orders/orders-1");
		assertThat(chromium.console()).isEmpty();
	}

	private static int countOf(String text, String part) {
		return text.split(Pattern.quote(part), -1).length - 1;
	}

	/**
	 * The tree, from the one that waits for nobody to those that wait for the migration.
	 */
	@Test
	void lockQueueIsTree() {
		open(migration(MigrationState.MIGRATING,
				List.of(blocker(20, true, false), blocker(30, false, false), blocker(10, false, true)),
				new QueuedBehindDescriptor(3, Duration.ofMillis(1234), List.of(queued(40), queued(41)))));
		String node = "article[contains(h4, '%s')]";
		String path = "//div[@class='tree']/ul/li[%s]/ul/li[%s]/ul/li[%s]/ul/li[%s]/ul/li[%s]".formatted(
				node.formatted("pid 10"), node.formatted("pid 30"), node.formatted("pid 20"),
				node.formatted("pid 4242"), node.formatted("3 sessions"));
		assertThat(count(path)).isOne();
		assertThat(text("//article[contains(@class, 'queue')]")).contains("3 sessions, the first for 1.2 s")
			.contains("pid 40")
			.contains("pid 41")
			.contains("and 1 more");
	}

	@Test
	void blockersThatAreRootsThemselvesAreOneLevel() {
		open(migration(MigrationState.MIGRATING, List.of(blocker(1, true, true), blocker(2, true, true)),
				new QueuedBehindDescriptor(0, null, null)));
		assertThat(count("//div[@class='tree']/ul/li/article")).isEqualTo(2);
		assertThat(count("//div[@class='tree']/ul/li/ul/li/article")).isOne();
		assertThat(count("//div[@class='tree']//ul//ul//ul")).isZero();
	}

	@Test
	void treeIsLeftOutWhenNobodyIsInTheWay() {
		open(migration(MigrationState.MIGRATING, List.of(), new QueuedBehindDescriptor(0, null, null)));
		assertThat(count("//div[@class='tree']")).isZero();
	}

	@Test
	void summaryHasTheToneOfWhatGoesOn() {
		open(migration(MigrationState.MIGRATING, List.of(blocker(1, true, true)), null));
		assertThat(text("//p[@class='summary bad']")).isEqualTo("summary");
		open(migration(MigrationState.BACKING_OFF, List.of(blocker(1, true, true)), null));
		assertThat(text("//p[@class='summary warn']")).isEqualTo("summary");
		open(hostile(MigrationState.UP_TO_DATE, false));
		assertThat(text("//p[@class='summary warn']")).isEqualTo(HOSTILE_SHOWN);
	}

	@Test
	void blockerHasAdviceAndRemedy() {
		open(migration(MigrationState.MIGRATING, List.of(blocker(10, true, true)), null));
		assertThat(text("//article[contains(@class, 'blocker')]")).contains("In its transaction for 14 min 3 s");
		assertThat(text("//p[@class='advice']")).isEqualTo("Ask its owner");
		assertThat(text("//pre[@class='remedy']/code")).isEqualTo("select pg_terminate_backend(10)");
	}

	@Test
	void holderWaitersAndThisInstanceAreShown() {
		open(migration(MigrationState.UP_TO_DATE, List.of(), null));
		assertThat(texts("//ul[@class='cards']/li/p[1]")).containsExactly("orders-7c9f-2 holds the lock",
				"orders-7c9f-0 waits", "orders/orders-1 takes no part this one");
	}

	@Test
	void progressHasBars() {
		open(migration(MigrationState.MIGRATING, List.of(), null));
		assertThat(texts("//progress/@value")).containsExactly("3", "62");
		assertThat(texts("//progress/@max")).containsExactly("12", "100");
		assertThat(text("//section")).contains("building index: scanning table, 62 %");
	}

	@Test
	void attemptsAreTimeline() {
		open(migration(MigrationState.MIGRATING, List.of(), null));
		assertThat(texts("//ol[@class='timeline']/li/p[1]")).containsExactly("Lock timeout add-total",
				"Going on add-total");
		assertThat(texts("//ol[@class='timeline']/li/p[2]/span[last()]")).containsExactly("blocked by pid 1000, 999",
				"others may queue for 1.0 s");
	}

	@ParameterizedTest
	@EnumSource
	void everyStateHasPage(MigrationState state) {
		open(hostile(state, false));
		assertThat(text("//h1")).endsWith(words(state));
		assertThat(count("//p[contains(@class, 'summary')]")).isOne();
	}

	private static String words(MigrationState state) {
		return (state == MigrationState.WAITING_FOR_CHANGELOG_LOCK) ? "Waiting for the change log lock"
				: state.name().charAt(0) + state.name().substring(1).toLowerCase(Locale.ROOT).replace('_', ' ');
	}

	@Test
	void emptyDescriptionHasPage() {
		open(new MigrationsDescriptor(MigrationState.UP_TO_DATE, "orders-1", new StartupDescriptor("gate", "test"),
				null, Map.of()));
		assertThat(text("//h1")).isEqualTo("orders-1 Up to date");
	}

	@Test
	void pageIsAccessible() {
		open(migration(MigrationState.MIGRATING, List.of(blocker(10, true, true)), null));
		assertThat(text("/html/@lang")).isEqualTo("en");
		assertThat(count("//h1")).isOne();
		assertThat(count("//main")).isOne();
		assertThat(count("//meta[@name='viewport']")).isOne();
	}

	@Test
	void asksSeldomWhenThereIsNothingToSee() {
		open(migration(MigrationState.MIGRATING, List.of(), null));
		assertThat(isQuiet(hostile(MigrationState.MIGRATING, false))).isEqualTo(false);
		assertThat(isQuiet(hostile(MigrationState.UP_TO_DATE, false))).isEqualTo(true);
		assertThat(isQuiet(migration(MigrationState.UP_TO_DATE, List.of(), null))).isEqualTo(false);
	}

	private static Object isQuiet(MigrationDescriptor migration) {
		return chromium.execute("return isQuiet(%s)".formatted(json(describe(migration))));
	}

	@Test
	void whatIsOpenOrSelectedStaysSo() {
		open(hostile(MigrationState.WAITING, true));
		chromium.execute("""
				document.querySelectorAll('details').forEach((it) => it.open = true);
				getSelection().selectAllChildren(document.querySelector('pre.remedy'));""");
		Object selected = chromium.execute("return getSelection().toString()");
		assertThat(selected).asString().isNotEmpty();
		this.server.show(json(describe(hostile(MigrationState.MIGRATING, true))));
		Awaiting.await("news").until(() -> text("//h1").endsWith("Migrating"));
		assertThat(count("//details[@open]")).isEqualTo(2);
		assertThat(chromium.execute("return getSelection().toString()")).isEqualTo(selected);
		assertThat(chromium.console()).isEmpty();
	}

	@Test
	void whatIsGoneIsNotShownAnyMore() {
		open(hostile(MigrationState.MIGRATING, true));
		assertThat(count("//article")).isGreaterThan(3);
		this.server.show(json(describe(migration(MigrationState.UP_TO_DATE, List.of(), null))));
		Awaiting.await("news").until(() -> text("//h1").endsWith("Up to date"));
		assertThat(count("//article")).isZero();
		assertThat(text("//h2")).isEqualTo("liquibase Up to date");
	}

	@Test
	void tellsWhenItHasNoAnswer() {
		open(migration(MigrationState.MIGRATING, List.of(), null));
		this.server.refuse(503);
		awaitNotice("The application answers 503. This was true at ");
		this.server.refuse(401);
		awaitNotice("You may not see this any more. Load the page again to log in. This was true at ");
		assertThat(count("//section")).isOne();
		this.server.show(json(describe(migration(MigrationState.UP_TO_DATE, List.of(), null))));
		Awaiting.await("an answer").until(() -> count("//p[@class='notice']") == 0);
	}

	private static void awaitNotice(String start) {
		Awaiting.await(start)
			.until(() -> texts("//p[@class='notice']"), (texts) -> texts.size() == 1 && texts.get(0).startsWith(start));
	}

	@Test
	void everyClassHasStyle() {
		Set<String> classes = new TreeSet<>();
		for (MigrationState state : MigrationState.values()) {
			open(hostile(state, true));
			texts("//@class").forEach((names) -> classes.addAll(List.of(names.split(" "))));
		}
		assertThat(classes).isNotEmpty().allSatisfy((name) -> assertThat(PageServer.page()).contains("." + name));
	}

	private void open(MigrationDescriptor migration) {
		open(describe(migration));
	}

	private void open(MigrationsDescriptor migrations) {
		this.server.show(json(migrations));
		chromium.open(this.server.url());
		Awaiting.await("JSON that is shown").until(() -> count("//h1/span") == 1);
	}

	private static MigrationsDescriptor describe(MigrationDescriptor migration) {
		return new MigrationsDescriptor(migration.state(), "orders/orders-1",
				new StartupDescriptor("gate", migration.tool()), NOW,
				new LinkedHashMap<>(Map.of(migration.tool(), migration)));
	}

	private static String json(MigrationsDescriptor migrations) {
		return jsonMapper.writeValueAsString(migrations);
	}

	private static int count(String path) {
		return texts(path).size();
	}

	private static String text(String path) {
		List<String> texts = texts(path);
		assertThat(texts).as(path).hasSize(1);
		return texts.get(0);
	}

	private static List<String> texts(String path) {
		Object texts = chromium.execute("""
				const found = document.evaluate(%s, document, null, XPathResult.ORDERED_NODE_SNAPSHOT_TYPE);
				return [...Array(found.snapshotLength).keys()].map((index) => found.snapshotItem(index).textContent);"""
			.formatted(jsonMapper.writeValueAsString(path)));
		assertThat(texts).isInstanceOf(List.class);
		return ((List<?>) texts).stream().map((text) -> text.toString().strip().replaceAll("[ \\n]+", " ")).toList();
	}

	private static BlockerDescriptor blocker(int pid, boolean direct, boolean root) {
		return new BlockerDescriptor(pid, BlockerKind.IDLE_IN_TRANSACTION, direct, root, "analyst", "psql", null,
				"idle in transaction", Duration.ofSeconds(843), "AccessShareLock on orders",
				"AccessExclusiveLock on orders", null, "Ask its owner",
				"select pg_terminate_backend(%d)".formatted(pid), null);
	}

	private static QueuedSessionDescriptor queued(int pid) {
		return new QueuedSessionDescriptor(pid, "web", "orders", "AccessShareLock on orders", Duration.ofMillis(900));
	}

	private static MigrationDescriptor migration(MigrationState state, List<BlockerDescriptor> blockers,
			@Nullable QueuedBehindDescriptor queuedBehind) {
		ParticipantDescriptor holder = new ParticipantDescriptor(4242, "orders-7c9f-2", "orders", "10.1.2.3", NOW,
				Activity.BLOCKED, "alter table orders add total ?", null);
		ParticipantDescriptor waiter = new ParticipantDescriptor(4250, "orders-7c9f-0", null, null, null, null, null,
				null);
		List<AttemptDescriptor> attempts = List.of(
				new AttemptDescriptor(1, NOW.minusSeconds(10), Duration.ofSeconds(2), Attempt.Outcome.LOCK_TIMEOUT,
						"add-total", Duration.ofMillis(500), List.of(1000, 999)),
				new AttemptDescriptor(2, NOW.minusSeconds(1), null, null, "add-total", Duration.ofSeconds(1),
						List.of()));
		return new MigrationDescriptor("liquibase", "migrate", state, NOW, "summary", null,
				new LockDescriptor(List.of(1, 2), "lock", null, null, null, NOW, holder, List.of(waiter)),
				new ProgressDescriptor(3, 9, 0, new UnitDescriptor("add-total", NOW), "building index: scanning table",
						62, null),
				blockers, queuedBehind, attempts, null, null, null, null, null);
	}

	/**
	 * A description with a hostile text wherever there can be one.
	 */
	private static MigrationDescriptor hostile(MigrationState state, boolean locked) {
		String text = HOSTILE;
		ParticipantDescriptor participant = new ParticipantDescriptor(1, text, text, text, NOW, Activity.WORKING, text,
				text);
		List<BlockerDescriptor> blockers = IntStream.range(0, BlockerKind.values().length)
			.mapToObj((index) -> new BlockerDescriptor(index, BlockerKind.values()[index], index % 2 == 0,
					index % 3 == 0, text, text, text, text, Duration.ofDays(3), text, text, text, text, text, text))
			.toList();
		return new MigrationDescriptor(text, text, state, NOW, text, new DatabaseDescriptor(text, text, text),
				locked ? new LockDescriptor(List.of(1, 2), text, Duration.ofHours(2), NOW.plusSeconds(9), NOW, NOW,
						participant, List.of(participant)) : null,
				new ProgressDescriptor(0, 0, 1, new UnitDescriptor(text, NOW), text, 1, List.of(text)),
				locked ? blockers : null,
				locked ? new QueuedBehindDescriptor(11, Duration.ofSeconds(1),
						List.of(new QueuedSessionDescriptor(1, text, text, text, Duration.ofSeconds(1)))) : null,
				List.of(new AttemptDescriptor(1, NOW, Duration.ZERO, Attempt.Outcome.APPLIED, text, Duration.ZERO,
						List.of(1)),
						new AttemptDescriptor(1, NOW, Duration.ZERO, Attempt.Outcome.FAILED, text, Duration.ZERO,
								List.of(1))),
				List.of(new InvalidIndexDescriptor(text, text, text, text)), List.of(text),
				new ChangelogLockDescriptor(text, text, NOW, text), locked ? null : new ClusterDescriptor(text),
				new ErrorDescriptor(text, text, text));
	}

}
