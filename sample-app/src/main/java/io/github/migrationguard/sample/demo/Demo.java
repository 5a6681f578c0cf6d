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

import picocli.CommandLine;

import org.springframework.boot.logging.LoggingSystem;

/**
 * Entry point of the demonstration.
 *
 * @author Migration Guard
 */
public final class Demo {

	private Demo() {
	}

	/**
	 * Run the demonstration.
	 * @param args its options
	 * @return the exit code: 0 when all replicas got ready, 1 when one did not, 2 for
	 * options that are not understood
	 */
	public static int run(String... args) {
		// Silent until it is initialized: the terminal belongs to the board
		LoggingSystem.get(Demo.class.getClassLoader()).beforeInitialize();
		return new CommandLine(new DemoCommand()).execute(args);
	}

}
