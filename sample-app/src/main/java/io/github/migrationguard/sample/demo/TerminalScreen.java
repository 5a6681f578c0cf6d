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
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

import org.jline.terminal.Attributes;
import org.jline.terminal.Attributes.LocalFlag;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.utils.AttributedString;
import org.jline.utils.Display;
import org.jline.utils.InfoCmp.Capability;

/**
 * A {@link Screen} that redraws a {@link Board} in place.
 *
 * @author Migration Guard
 */
class TerminalScreen implements Screen {

	private final Terminal terminal;

	private final Display display;

	private final Board board;

	private boolean live = true;

	TerminalScreen(Terminal terminal) {
		this.terminal = terminal;
		this.display = new Display(terminal, false);
		this.board = new Board(StandardCharsets.UTF_8.equals(terminal.encoding()));
		hideInput();
	}

	private void hideInput() {
		Attributes hidden = this.terminal.getAttributes();
		hidden.setLocalFlag(LocalFlag.ECHO, false);
		this.terminal.setAttributes(hidden);
		this.terminal.puts(Capability.cursor_invisible);
	}

	@Override
	public synchronized void show(Frame frame) {
		if (this.live) {
			Size size = this.terminal.getSize();
			this.display.resize(size);
			List<AttributedString> lines = this.board.draw(frame, size.getColumns() - 1);
			List<AttributedString> visible = lines.subList(0, Math.min(lines.size(), size.getRows() - 1));
			this.display.update(visible, size.cursorPos(visible.size() - 1, 0));
		}
	}

	@Override
	public synchronized void print(List<String> lines) {
		close();
		lines.forEach(System.out::println);
	}

	/**
	 * Leave what was shown last where it is and give the terminal back as it was.
	 */
	@Override
	public synchronized void close() {
		if (this.live) {
			this.live = false;
			this.terminal.writer().println();
			this.terminal.puts(Capability.cursor_normal);
			closeTerminal();
		}
	}

	private void closeTerminal() {
		try {
			this.terminal.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
