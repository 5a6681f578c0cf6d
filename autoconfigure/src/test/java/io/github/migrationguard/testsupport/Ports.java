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

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Free ports, below the range from which the operating system takes its own.
 *
 * @author Migration Guard
 */
final class Ports {

	private static final int FIRST = 15000;

	private static final int RANGE = 15000;

	private static final AtomicInteger counter = new AtomicInteger((int) (ProcessHandle.current().pid() * 997 % RANGE));

	private Ports() {
	}

	static int next() {
		int port;
		do {
			port = FIRST + counter.incrementAndGet() % RANGE;
		}
		while (!isFree(port));
		return port;
	}

	private static boolean isFree(int port) {
		try (ServerSocket socket = new ServerSocket()) {
			socket.bind(new InetSocketAddress(port));
			return true;
		}
		catch (IOException ex) {
			return false;
		}
	}

}
