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

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DemoCommand}.
 *
 * @author Migration Guard
 */
class DemoCommandTests {

	private final StringWriter errors = new StringWriter();

	private final StringWriter output = new StringWriter();

	@Test
	void defaultsAreThreeReplicasAndTenSeconds() {
		assertThat(parse()).isEqualTo(new DemoOptions(Tool.LIQUIBASE, 3, 10, 8081, null, false, false, null));
	}

	@Test
	void everyOptionIsUnderstood() {
		assertThat(parse("--tool=flyway", "--replicas=5", "--seconds=2", "--port=9000", "--logs=logs", "--stay",
				"--plain", "--blocker", "--policy=terminate", "--patience=3"))
			.isEqualTo(new DemoOptions(Tool.FLYWAY, 5, 2, 9000, Path.of("logs"), true, true,
					new BlockerOptions(Policy.TERMINATE, Duration.ofSeconds(3))));
	}

	@Test
	void blockerIsEndedByItsOwnerOrSoonerByThePolicy() {
		assertThat(parse("--blocker")).isEqualTo(new DemoOptions(Tool.LIQUIBASE, 3, 2, 8081, null, false, false,
				new BlockerOptions(Policy.OBSERVE, Duration.ofSeconds(15))));
		assertThat(parse("--blocker", "--policy=terminate").blocker())
			.isEqualTo(new BlockerOptions(Policy.TERMINATE, Duration.ofSeconds(5)));
	}

	@ParameterizedTest
	@ValueSource(strings = { "--nonsense", "--tool=hammer", "--replicas=0", "--replicas=21", "--replicas=many",
			"--seconds=-1", "--port=80", "--policy=observe", "--patience=3", "surplus" })
	void anythingElseIsRefusedByName(String argument) {
		assertThat(execute(argument)).isEqualTo(ExitCode.USAGE);
		assertThat(this.errors.toString()).contains(argument.replaceAll("=.*", "")).contains("Usage:");
	}

	@Test
	void helpNamesTheOptions() {
		assertThat(execute("--help")).isEqualTo(ExitCode.OK);
		assertThat(this.output.toString()).contains("java -jar orders.jar demo", "--tool=TOOL",
				"liquibase, flyway (default: liquibase)", "--replicas=N", "--seconds=N", "--blocker", "--policy=POLICY",
				"observe, terminate", "--patience=N", "--stay");
	}

	private DemoOptions parse(String... arguments) {
		return CommandLine.populateCommand(new DemoCommand(), arguments).options();
	}

	private int execute(String... arguments) {
		return new CommandLine(new DemoCommand()).setOut(new PrintWriter(this.output))
			.setErr(new PrintWriter(this.errors))
			.execute(arguments);
	}

}
