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

import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;

import io.github.migrationguard.Attempt;
import io.github.migrationguard.MigrationState;
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
import io.github.migrationguard.actuate.MigrationsDescriptor.StartupDescriptor;
import io.github.migrationguard.lock.Activity;
import io.github.migrationguard.watch.BlockerKind;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link MigrationsPage}.
 *
 * @author Migration Guard
 */
class MigrationsPageTests {

	private static final Instant NOW = Samples.NOW;

	private static final String HOSTILE = "x'\" onload=\"alert(1)\"><script>alert(1)</script></style><img src=x onerror=alert(1)>&lt;%s\u0000\u202E";

	private static final String HOSTILE_SHOWN = HOSTILE.replace('\u0000', '\uFFFD').replace('\u202E', '\uFFFD');

	@Test
	@Tag("security:S31")
	void everyValueIsShownAsItIs() {
		Page page = new Page(hostile(MigrationState.MIGRATING, true));
		assertThat(page.count("//script | //img | //@onload | //@onerror")).isZero();
		assertThat(page.count("//style")).isOne();
		assertThat(page.markup).doesNotContain("<script").doesNotContain("\u0000");
		assertThat(countOf(page.text("/html"), HOSTILE_SHOWN)).isGreaterThanOrEqualTo(45);
	}

	private static int countOf(String text, String part) {
		return text.split(Pattern.quote(part), -1).length - 1;
	}

	/**
	 * The tree, from the one that waits for nobody to those that wait for the migration.
	 */
	@Test
	void lockQueueIsTree() {
		MigrationDescriptor migration = migration(MigrationState.MIGRATING,
				List.of(blocker(20, true, false), blocker(30, false, false), blocker(10, false, true)),
				new QueuedBehindDescriptor(3, Duration.ofMillis(1234), List.of(queued(40), queued(41))));
		Page page = new Page(migration);
		String node = "article[contains(h4, '%s')]";
		String path = "//div[@class='tree']/ul/li[%s]/ul/li[%s]/ul/li[%s]/ul/li[%s]/ul/li[%s]".formatted(
				node.formatted("pid 10"), node.formatted("pid 30"), node.formatted("pid 20"),
				node.formatted("pid 4242"), node.formatted("3 sessions"));
		assertThat(page.count(path)).isOne();
		assertThat(page.text("//p[contains(@class, 'verdict')]"))
			.isEqualTo("Blocked by pid 20 (Idle in transaction), and 3 sessions wait behind it;"
					+ " at the root is pid 10 (Idle in transaction).");
		assertThat(page.text("//article[contains(@class, 'queue')]")).contains("3 sessions, the first for 1.2 s")
			.contains("pid 40")
			.contains("pid 41")
			.contains("and 1 more");
	}

	@Test
	void blockersThatAreRootsThemselvesAreOneLevel() {
		Page page = new Page(migration(MigrationState.MIGRATING,
				List.of(blocker(1, true, true), blocker(2, true, true)), new QueuedBehindDescriptor(0, null, null)));
		assertThat(page.count("//div[@class='tree']/ul/li/article")).isEqualTo(2);
		assertThat(page.count("//div[@class='tree']/ul/li/ul/li/article")).isOne();
		assertThat(page.count("//div[@class='tree']//ul//ul//ul")).isZero();
		assertThat(page.text("//p[contains(@class, 'verdict')]"))
			.isEqualTo("Blocked by pid 1 (Idle in transaction), pid 2 (Idle in transaction).");
	}

	@Test
	void nobodyWaitsBehindMigrationThatBacksOff() {
		Page page = new Page(migration(MigrationState.BACKING_OFF, List.of(blocker(1, true, true)),
				new QueuedBehindDescriptor(0, null, null)));
		assertThat(page.text("//p[contains(@class, 'verdict')]"))
			.isEqualTo("Tries again when pid 1 (Idle in transaction) is out of the way. Nobody waits behind it.");
	}

	@Test
	void treeIsLeftOutWhenNobodyIsInTheWay() {
		Page page = new Page(migration(MigrationState.MIGRATING, List.of(), new QueuedBehindDescriptor(0, null, null)));
		assertThat(page.count("//div[@class='tree']")).isZero();
		assertThat(page.text("//p[contains(@class, 'verdict')]"))
			.isEqualTo("Blocked. By whom is not known at this moment.");
	}

	@Test
	void blockerHasAdviceAndRemedy() {
		Page page = new Page(migration(MigrationState.MIGRATING, List.of(blocker(10, true, true)), null));
		assertThat(page.text("//article[contains(@class, 'blocker')]")).contains("In its transaction for 14 min 3 s");
		assertThat(page.text("//p[@class='advice']")).isEqualTo("Ask its owner");
		assertThat(page.text("//pre[@class='remedy']/code")).isEqualTo("select pg_terminate_backend(10)");
	}

	@Test
	void holderWaitersAndThisInstanceAreShown() {
		Page page = new Page(migration(MigrationState.UP_TO_DATE, List.of(), null));
		assertThat(page.texts("//ul[@class='cards']/li/p[1]")).containsExactly("orders-7c9f-2 holds the lock",
				"orders-7c9f-0 waits", "orders/orders-1 takes no part this one");
	}

	@Test
	void progressHasBars() {
		Page page = new Page(migration(MigrationState.MIGRATING, List.of(), null));
		assertThat(page.texts("//progress/@value")).containsExactly("3", "62");
		assertThat(page.texts("//progress/@max")).containsExactly("12", "100");
		assertThat(page.text("//section")).contains("building index: scanning table, 62 %");
	}

	@Test
	void attemptsAreTimeline() {
		Page page = new Page(migration(MigrationState.MIGRATING, List.of(), null));
		assertThat(page.texts("//ol[@class='timeline']/li/p[1]")).containsExactly("LOCK_TIMEOUT add-total",
				"going on add-total");
		assertThat(page.texts("//ol[@class='timeline']/li/p[2]/span[last()]"))
			.containsExactly("blocked by pid 1000, 999", "others may queue for 1.0 s");
	}

	@ParameterizedTest
	@EnumSource
	void everyStateHasPage(MigrationState state) {
		Page page = new Page(hostile(state, false));
		assertThat(page.text("//h1")).endsWith(state.name());
		assertThat(page.text("//p[contains(@class, 'verdict')]")).isNotEmpty();
	}

	@Test
	void emptyDescriptionHasPage() {
		assertThat(new Page(new MigrationsDescriptor(MigrationState.UP_TO_DATE, "orders-1",
				new StartupDescriptor("gate", "test"), null, Map.of()))
			.text("//h1")).isEqualTo("orders-1 UP_TO_DATE");
	}

	@Test
	void pageIsAccessible() {
		Page page = new Page(migration(MigrationState.MIGRATING, List.of(blocker(10, true, true)), null));
		assertThat(page.text("/html/@lang")).isEqualTo("en");
		assertThat(page.text("/html/head/title")).isEqualTo("MIGRATING orders/orders-1");
		assertThat(page.count("//h1")).isOne();
		assertThat(page.count("//main")).isOne();
		assertThat(page.count("//meta[@name='viewport']")).isOne();
	}

	@Test
	void refreshIsSlowWhenThereIsNothingToSee() {
		assertThat(refreshOf(hostile(MigrationState.MIGRATING, false))).isEqualTo("2");
		assertThat(refreshOf(hostile(MigrationState.UP_TO_DATE, false))).isEqualTo("10");
		assertThat(refreshOf(migration(MigrationState.UP_TO_DATE, List.of(), null))).isEqualTo("2");
	}

	private static String refreshOf(MigrationDescriptor migration) {
		return new Page(migration).text("//meta[@http-equiv='refresh']/@content");
	}

	@Test
	@Tag("security:S13")
	void policyAllowsNothingButTheStyle() throws Exception {
		Page page = new Page(migration(MigrationState.MIGRATING, List.of(), null));
		byte[] digest = MessageDigest.getInstance("SHA-256")
			.digest(page.text("//style").getBytes(StandardCharsets.UTF_8));
		assertThat(page.text("//meta[@http-equiv='Content-Security-Policy']/@content"))
			.isEqualTo("default-src 'none'; style-src 'sha256-%s'; img-src data:; base-uri 'none'; form-action 'none'"
				.formatted(Base64.getEncoder().encodeToString(digest)));
		assertThat(page.count("//@style")).isZero();
		assertThat(page.texts("//@href | //@src")).containsExactly("data:,");
	}

	@Test
	void everyClassHasStyle() {
		Set<String> classes = new TreeSet<>();
		for (MigrationState state : MigrationState.values()) {
			new Page(hostile(state, true)).texts("//@class")
				.forEach((names) -> classes.addAll(List.of(names.split(" "))));
		}
		assertThat(classes).isNotEmpty()
			.allSatisfy((name) -> assertThat(PageStyle.CSS.toString()).contains("." + name));
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
		return new MigrationDescriptor("liquibase", "migrate", state, NOW, null,
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
		return new MigrationDescriptor(text, text, state, NOW, new DatabaseDescriptor(text, text, text),
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

	/**
	 * The page as a browser reads it. It is well-formed XML as well.
	 */
	private static final class Page {

		private final String markup;

		private final Document document;

		Page(MigrationDescriptor migration) {
			this(new MigrationsDescriptor(migration.state(), "orders/orders-1",
					new StartupDescriptor("gate", migration.tool()), NOW,
					new LinkedHashMap<>(Map.of(migration.tool(), migration))));
		}

		Page(MigrationsDescriptor migrations) {
			this.markup = new MigrationsPage(migrations, NOW).render();
			try {
				this.document = DocumentBuilderFactory.newInstance()
					.newDocumentBuilder()
					.parse(new InputSource(new StringReader(this.markup)));
			}
			catch (Exception ex) {
				throw new IllegalStateException(this.markup, ex);
			}
		}

		int count(String path) {
			return nodes(path).getLength();
		}

		List<String> texts(String path) {
			NodeList nodes = nodes(path);
			return IntStream.range(0, nodes.getLength())
				.mapToObj(nodes::item)
				.map((node) -> text((node instanceof Element) ? node.getTextContent() : node.getNodeValue(), path))
				.toList();
		}

		String text(String path) {
			List<String> texts = texts(path);
			assertThat(texts).as(path).hasSize(1);
			return texts.get(0);
		}

		private static String text(String text, String path) {
			return path.equals("//style") ? text : text.strip().replaceAll("[ \\n]+", " ");
		}

		private NodeList nodes(String path) {
			try {
				return (NodeList) XPathFactory.newInstance()
					.newXPath()
					.evaluate(path, this.document, XPathConstants.NODESET);
			}
			catch (Exception ex) {
				throw new IllegalStateException(path, ex);
			}
		}

	}

}
