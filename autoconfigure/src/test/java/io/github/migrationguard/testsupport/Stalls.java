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

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import io.github.migrationguard.testsupport.ReadLoad.Read;

/**
 * What a {@link ReadLoad} felt of something that happened to its table. Reads of another
 * table at the same time tell how much of it is to be put down to the machine.
 *
 * @author Migration Guard
 */
public final class Stalls {

	private static final Duration SLOW = Duration.ofMillis(100);

	/**
	 * Who starts this much later asks for the table later.
	 */
	private static final Duration AFTER = Duration.ofMillis(20);

	private final List<Duration> episodes;

	private final Duration longest;

	private final Duration noise;

	private Stalls(List<Duration> episodes, Duration longest, Duration noise) {
		this.episodes = episodes;
		this.longest = longest;
		this.noise = noise;
	}

	/**
	 * Find the stalls.
	 * @param reads the reads, in the order in which they were started
	 * @param control the reads of another table
	 * @return the stalls
	 */
	public static Stalls of(List<Read> reads, List<Read> control) {
		List<Duration> episodes = new ArrayList<>();
		List<Read> slow = reads.stream()
			.filter(Stalls::isSlow)
			.map((read) -> untilNextGotThrough(read, reads))
			.toList();
		for (List<Read> episode : episodes(slow)) {
			Duration net = longest(episode).minus(longest(during(episode, control)));
			if (net.compareTo(SLOW) > 0) {
				episodes.add(net);
			}
		}
		return new Stalls(List.copyOf(episodes), longest(reads), longest(control));
	}

	private static boolean isSlow(Read read) {
		return read.took() > SLOW.toNanos();
	}

	/**
	 * A reader that waits for the table waits for no longer than those who come after it.
	 */
	private static Read untilNextGotThrough(Read slow, List<Read> reads) {
		long after = slow.start() + AFTER.toNanos();
		long took = reads.stream()
			.filter((read) -> read.start() - after > 0)
			.mapToLong((read) -> read.end() - slow.start())
			.min()
			.orElse(slow.took());
		return new Read(slow.start(), slow.start() + Math.min(took, slow.took()));
	}

	/**
	 * Slow reads that wait at the same time wait for the same reason.
	 */
	private static List<List<Read>> episodes(List<Read> reads) {
		List<List<Read>> episodes = new ArrayList<>();
		long end = 0;
		for (Read read : reads) {
			if (isSlow(read)) {
				if (episodes.isEmpty() || read.start() - end > 0) {
					episodes.add(new ArrayList<>());
					end = read.end();
				}
				episodes.get(episodes.size() - 1).add(read);
				end = (read.end() - end > 0) ? read.end() : end;
			}
		}
		return episodes;
	}

	private static List<Read> during(List<Read> episode, List<Read> control) {
		long start = episode.get(0).start();
		long end = episode.stream().mapToLong(Read::end).max().orElseThrow();
		return control.stream().filter((read) -> read.end() - start > 0 && end - read.start() > 0).toList();
	}

	private static Duration longest(List<Read> reads) {
		return Duration.ofNanos(reads.stream().mapToLong(Read::took).max().orElse(0));
	}

	/**
	 * Return how long the longest read was of each time in which reads took more than 100
	 * ms longer than on the other table.
	 * @return one duration for each time
	 */
	public List<Duration> episodes() {
		return this.episodes;
	}

	/**
	 * Return by how much the longest read that was slow was longer than on the other
	 * table.
	 * @return the duration, zero if no read was slow
	 */
	public Duration longest() {
		return this.episodes.stream().max(Comparator.naturalOrder()).orElse(Duration.ZERO);
	}

	@Override
	public String toString() {
		return "%s, longest read %s, on the other table %s".formatted(this.episodes, this.longest, this.noise);
	}

}
