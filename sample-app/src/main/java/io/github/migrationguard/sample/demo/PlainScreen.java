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

package io.github.migrationguard.sample.demo;

import java.io.PrintStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A {@link Screen} for pipes and files: one line for each change of a replica.
 *
 * @author Migration Guard
 */
class PlainScreen implements Screen {

	private static final String BLOCKER = "blocker";

	private final PrintStream out;

	private final Map<String, String> shown = new HashMap<>();

	PlainScreen(PrintStream out) {
		this.out = out;
	}

	@Override
	public synchronized void show(Frame frame) {
		showChange("", frame.headline(), frame);
		for (ReplicaSnapshot replica : frame.replicas()) {
			showChange(replica.name(), Texts.describe(replica), frame);
		}
		String blockers = frame.blockers().stream().map(Texts::blocker).collect(Collectors.joining("; "));
		if (!blockers.isEmpty() || this.shown.containsKey(BLOCKER)) {
			showChange(BLOCKER, !blockers.isEmpty() ? blockers : "none any more", frame);
		}
	}

	private void showChange(String name, String text, Frame frame) {
		if (!text.equals(this.shown.put(name, text))) {
			this.out.printf("%7s  %s%n", Texts.seconds(frame.elapsed()), (name + "  " + text).strip());
		}
	}

	@Override
	public synchronized void print(List<String> lines) {
		lines.forEach(this.out::println);
	}

	@Override
	public void close() {
		this.out.flush();
	}

}
