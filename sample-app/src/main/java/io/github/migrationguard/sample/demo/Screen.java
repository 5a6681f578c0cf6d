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

import java.io.IOException;
import java.util.List;

import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.terminal.TerminalBuilder.SystemOutput;
import org.jline.utils.ShutdownHooks;

/**
 * Where the demonstration is shown.
 *
 * @author Migration Guard
 */
interface Screen extends AutoCloseable {

	/**
	 * Open the screen that suits the place where the process runs.
	 * @param plain whether to print lines even in a terminal
	 * @return a board in a terminal, lines anywhere else
	 * @throws IOException if the terminal does not answer
	 */
	static Screen open(boolean plain) throws IOException {
		// The hook of the demonstration closes the terminal; one more would do so too
		// early
		System.setProperty(ShutdownHooks.PROP_DISABLE_SHUTDOWN_HOOK, "true");
		// Native signals would take SIGINT away from the JVM, and its shutdown hooks with
		// it
		Terminal terminal = TerminalBuilder.builder()
			.systemOutput(SystemOutput.SysOut)
			.nativeSignals(false)
			.dumb(true)
			.build();
		return (plain || terminal.getType().startsWith(Terminal.TYPE_DUMB)) ? new PlainScreen(System.out)
				: new TerminalScreen(terminal);
	}

	/**
	 * Show what is going on.
	 * @param frame what to show, in place of what was shown before
	 */
	void show(Frame frame);

	/**
	 * Print the last lines, below what was shown.
	 * @param lines the lines
	 */
	void print(List<String> lines);

	@Override
	void close();

}
