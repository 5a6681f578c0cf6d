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

import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A host of its own for replicas: a network namespace behind a router, which is one too.
 * The router can stop to forward packets, without telling anybody.
 *
 * @author Migration Guard
 */
public final class NetworkNode implements AutoCloseable {

	private static final AtomicInteger count = new AtomicInteger();

	private final int number = count.incrementAndGet();

	private final String id = "%d-%d".formatted(ProcessHandle.current().pid(), this.number);

	private final String node = "mgn-" + this.id;

	private final String router = "mgr-" + this.id;

	private final String link = "mg%d%s".formatted(this.number, Long.toString(ProcessHandle.current().pid(), 36));

	private final String network = "10.%d.%d".formatted(201 + this.number % 50, ProcessHandle.current().pid() % 250);

	/**
	 * Create the node and connect it.
	 */
	public NetworkNode() {
		try {
			run("netns add " + this.router);
			run("netns add " + this.node);
			run("link add %sa type veth peer name %sb netns %s".formatted(this.link, this.link, this.router));
			run("-n %s link add %sc type veth peer name %sd netns %s".formatted(this.router, this.link, this.link,
					this.node));
			run("addr add %s.1/30 dev %sa".formatted(this.network, this.link));
			run("-n %s addr add %s.2/30 dev %sb".formatted(this.router, this.network, this.link));
			run("-n %s addr add %s.5/30 dev %sc".formatted(this.router, this.network, this.link));
			run("-n %s addr add %s.6/30 dev %sd".formatted(this.node, this.network, this.link));
			run("link set %sa up".formatted(this.link));
			run("-n %s link set %sb up".formatted(this.router, this.link));
			run("-n %s link set %sc up".formatted(this.router, this.link));
			run("-n %s link set %sd up".formatted(this.node, this.link));
			run("-n %s link set lo up".formatted(this.node));
			run("route add %s.4/30 via %s.2".formatted(this.network, this.network));
			run("-n %s route add default via %s.5".formatted(this.node, this.network));
			heal();
		}
		catch (RuntimeException ex) {
			close();
			throw ex;
		}
	}

	/**
	 * Return the command that starts another one on this node.
	 * @return the beginning of the command
	 */
	public List<String> launcher() {
		return List.of("ip", "netns", "exec", this.node);
	}

	/**
	 * Return where the node reaches the servers of this test.
	 * @return the address
	 */
	public String server() {
		return this.network + ".1";
	}

	/**
	 * Return the network of the node.
	 * @return the network, as in {@code pg_hba.conf}
	 */
	public String network() {
		return this.network + ".0/24";
	}

	/**
	 * Drop all packets from and to the node from now on.
	 */
	public void cut() {
		forward(false);
	}

	/**
	 * Let packets through again.
	 */
	public void heal() {
		forward(true);
	}

	private void forward(boolean forward) {
		Command.run("ip", "netns", "exec", this.router, "sh", "-c",
				"echo %d > /proc/sys/net/ipv4/ip_forward".formatted(forward ? 1 : 0));
	}

	private static void run(String arguments) {
		Command.run(("ip " + arguments).split(" "));
	}

	/**
	 * Return whether nodes can be created here.
	 * @return {@code false} without the command or the right to use it
	 */
	public static boolean isPossible() {
		try (NetworkNode node = new NetworkNode()) {
			return node.number > 0;
		}
		catch (IllegalStateException | UncheckedIOException ex) {
			return false;
		}
	}

	@Override
	public void close() {
		for (String namespace : List.of(this.node, this.router)) {
			Command.succeeds("ip", "netns", "del", namespace);
		}
	}

}
