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

package io.github.migrationguard.testsupport;

import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Replicas started at the same moment.
 *
 * @author Migration Guard
 */
public final class Fleet implements Iterable<Replica> {

	private final List<Replica> replicas;

	Fleet(List<Replica> replicas) {
		this.replicas = replicas;
	}

	public List<Replica> replicas() {
		return this.replicas;
	}

	public Stream<Replica> stream() {
		return this.replicas.stream();
	}

	@Override
	public Iterator<Replica> iterator() {
		return this.replicas.iterator();
	}

	/**
	 * Return the one replica that migrates.
	 * @return the replica in state {@code MIGRATING}
	 */
	public Replica migrating() {
		return stream().filter((replica) -> replica.state().equals("MIGRATING")).findFirst().orElseThrow();
	}

	/**
	 * Return the replicas that wait.
	 * @return the replicas in state {@code WAITING}
	 */
	public List<Replica> waiting() {
		return stream().filter((replica) -> replica.state().equals("WAITING")).toList();
	}

	/**
	 * Wait until one replica migrates and all others wait for it.
	 * @return this fleet
	 */
	public Fleet awaitOneMigratingOthersWaiting() {
		Awaiting.await("one migrating, all others waiting").until(() -> {
			List<String> states = stream().map(Replica::state).sorted().toList();
			return states.get(0).equals("MIGRATING")
					&& states.stream().skip(1).allMatch((state) -> state.equals("WAITING"));
		});
		return this;
	}

	/**
	 * Wait until all replicas are ready.
	 * @return when each was seen to be ready
	 */
	public Map<Replica, Instant> awaitReady() {
		Map<Replica, Instant> ready = new LinkedHashMap<>();
		Awaiting.await("fleet ready").until(() -> {
			stream().filter((replica) -> !ready.containsKey(replica))
				.filter(Replica::isReady)
				.forEach((replica) -> ready.put(replica, Instant.now()));
			return ready.size() == this.replicas.size();
		});
		return ready;
	}

}
