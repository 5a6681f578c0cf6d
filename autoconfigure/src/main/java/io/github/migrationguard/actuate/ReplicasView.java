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

import java.util.List;
import java.util.stream.Stream;

import io.github.migrationguard.actuate.MigrationDescriptor.LockDescriptor;
import io.github.migrationguard.actuate.MigrationDescriptor.ParticipantDescriptor;
import org.jspecify.annotations.Nullable;

/**
 * The replicas that take part in a migration, and the one that is asked.
 *
 * @author Migration Guard
 */
class ReplicasView {

	private static final String REPLICA = """
			<li class="card">
			<p><strong>%s</strong> %s %s</p>
			%s
			%s
			</li>""";

	private static final Html THIS_ONE = Html.of("<span class=\"badge quiet\">this one</span>");

	private final String instance;

	private final MigrationDescriptor migration;

	private final ReadableTime time;

	ReplicasView(String instance, MigrationDescriptor migration, ReadableTime time) {
		this.instance = instance;
		this.migration = migration;
		this.time = time;
	}

	Html render() {
		LockDescriptor lock = this.migration.lock();
		ParticipantDescriptor holder = (lock != null) ? lock.holder() : null;
		List<ParticipantDescriptor> waiters = (lock != null && lock.waiters() != null) ? lock.waiters() : List.of();
		boolean takesPart = Stream.concat(Stream.ofNullable(holder), waiters.stream()).anyMatch(this::isThisOne);
		return Html.of("<ul class=\"cards\">%s%s%s</ul>",
				Html.ifPresent(holder, (session) -> replica(session, "holds the lock", "busy")),
				Html.forEach(waiters, (session) -> replica(session, "waits", "quiet")),
				takesPart ? Html.NOTHING : thisOne());
	}

	private Html replica(ParticipantDescriptor session, String role, String tone) {
		return Html.of(REPLICA, nameOf(session), badge(role, tone), isThisOne(session) ? THIS_ONE : Html.NOTHING,
				Html.line("pid " + session.pid(), session.user(), session.clientAddress(), since(session)),
				LockQueueView.hidden(session.hidden()));
	}

	private @Nullable Html since(ParticipantDescriptor session) {
		return (session.since() != null) ? Html.of("for %s", this.time.since(session.since())) : null;
	}

	private Html thisOne() {
		return Html.of(REPLICA, this.instance, badge("takes no part", "quiet"), THIS_ONE, Html.NOTHING, Html.NOTHING);
	}

	/**
	 * The name of a session may have lost its beginning.
	 */
	private boolean isThisOne(ParticipantDescriptor session) {
		String name = session.instance();
		return name != null && !name.isEmpty() && this.instance.endsWith(name);
	}

	private static Html badge(String text, String tone) {
		return Html.of("<span class=\"badge %s\">%s</span>", tone, text);
	}

	static String nameOf(ParticipantDescriptor session) {
		return (session.instance() != null) ? session.instance() : "A session that is not guarded";
	}

}
