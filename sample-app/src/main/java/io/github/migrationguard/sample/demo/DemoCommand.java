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

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The command line of the demonstration.
 *
 * @author Migration Guard
 */
@Command(name = "java -jar orders.jar demo", sortOptions = false,
		description = "%nStarts replicas of the orders service at once on an empty PostgreSQL and shows what they do.%n")
class DemoCommand implements Callable<Integer> {

	@Spec
	@SuppressWarnings("NullAway.Init")
	private CommandSpec spec;

	@Option(names = "--tool", paramLabel = "TOOL", defaultValue = "liquibase",
			description = "What migrates: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
	@SuppressWarnings("NullAway.Init")
	private Tool tool;

	@Option(names = "--replicas", paramLabel = "N", defaultValue = "3",
			description = "Number of replicas (default: ${DEFAULT-VALUE}).")
	private int replicas;

	@Option(names = "--seconds", paramLabel = "N",
			description = "Seconds that the slow migration takes (default: 10, with --blocker 2).")
	private @Nullable Integer seconds;

	@Option(names = "--port", paramLabel = "N", defaultValue = "8081",
			description = "First port to try, each replica takes the next free one (default: ${DEFAULT-VALUE}).")
	private int port;

	@Option(names = "--logs", paramLabel = "DIR",
			description = "Directory for the logs (default: demo-logs beside the application).")
	private @Nullable Path logs;

	@Option(names = "--blocker",
			description = "Let a forgotten transaction on 'orders' be in the way of the migration, and read 'orders' meanwhile.")
	private boolean blocker;

	@Option(names = "--policy", paramLabel = "POLICY",
			description = "Who ends that transaction. ${COMPLETION-CANDIDATES}: its owner, or the migration (default: observe).")
	private @Nullable Policy policy;

	@Option(names = "--patience", paramLabel = "N",
			description = "Seconds after which it is ended (default: 15, with --policy=terminate 5).")
	private @Nullable Integer patience;

	@Option(names = "--stay", description = "Keep the replicas running until Ctrl-C.")
	private boolean stay;

	@Option(names = "--plain", description = "Print a line per change instead of the board.")
	private boolean plain;

	@Option(names = { "-h", "--help" }, usageHelp = true, description = "Show this help.")
	private boolean help;

	@Override
	public Integer call() throws Exception {
		return new DemoRun(options()).run();
	}

	DemoOptions options() {
		check("--replicas", this.replicas, 1, 20);
		int seconds = (this.seconds != null) ? this.seconds : this.blocker ? 2 : 10;
		check("--seconds", seconds, 0, 3600);
		check("--port", this.port, 1024, 65000);
		return new DemoOptions(this.tool, this.replicas, seconds, this.port, this.logs, this.stay, this.plain,
				blockerOptions());
	}

	private @Nullable BlockerOptions blockerOptions() {
		if (!this.blocker) {
			checkNoBlocker("--policy", this.policy);
			checkNoBlocker("--patience", this.patience);
			return null;
		}
		Policy policy = (this.policy != null) ? this.policy : Policy.OBSERVE;
		int patience = (this.patience != null) ? this.patience : (policy == Policy.TERMINATE) ? 5 : 15;
		check("--patience", patience, 1, 600);
		return new BlockerOptions(policy, Duration.ofSeconds(patience));
	}

	private void checkNoBlocker(String option, @Nullable Object value) {
		if (value != null) {
			throw new ParameterException(this.spec.commandLine(), "Option '%s' needs '--blocker'".formatted(option));
		}
	}

	private void check(String option, int value, int min, int max) {
		if (value < min || value > max) {
			throw new ParameterException(this.spec.commandLine(),
					"Invalid value for option '%s': %d is not between %d and %d".formatted(option, value, min, max));
		}
	}

}
