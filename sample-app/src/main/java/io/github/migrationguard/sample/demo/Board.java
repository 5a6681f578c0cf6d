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

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

import io.github.migrationguard.sample.demo.MigrationsStatus.Blocker;
import io.github.migrationguard.sample.demo.MigrationsStatus.Progress;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;

/**
 * Draws a {@link Frame} as the lines of a board, one row a replica.
 *
 * @author Migration Guard
 */
class Board {

	private static final AttributedStyle PLAIN = AttributedStyle.DEFAULT;

	private static final AttributedStyle BOLD = AttributedStyle.DEFAULT.bold();

	private static final AttributedStyle FAINT = AttributedStyle.DEFAULT.faint();

	private static final AttributedStyle BUSY = AttributedStyle.DEFAULT.foreground(AttributedStyle.CYAN);

	private static final AttributedStyle WAITING = AttributedStyle.DEFAULT.foreground(AttributedStyle.YELLOW);

	private static final AttributedStyle GOOD = AttributedStyle.DEFAULT.foreground(AttributedStyle.GREEN);

	private static final AttributedStyle BAD = AttributedStyle.DEFAULT.foreground(AttributedStyle.RED);

	private static final int MIN_BAR = 6;

	private static final int MAX_BAR = 24;

	private final String done;

	private final String toDo;

	/**
	 * Create a board.
	 * @param unicode whether the terminal shows more than ASCII
	 */
	Board(boolean unicode) {
		this.done = unicode ? "━" : "#";
		this.toDo = unicode ? "·" : ".";
	}

	/**
	 * Draw a frame.
	 * @param frame what to show
	 * @param width the width of the terminal
	 * @return lines, none of them wider than the terminal
	 */
	List<AttributedString> draw(Frame frame, int width) {
		List<AttributedString> lines = new ArrayList<>();
		lines.add(AttributedString.EMPTY);
		lines.add(title(frame));
		if (!frame.replicas().isEmpty()) {
			lines.add(AttributedString.EMPTY);
			addTable(frame.replicas(), width, lines);
			lines.add(AttributedString.EMPTY);
			addNotes(frame, lines);
		}
		return lines.stream().map((line) -> line.columnSubSequence(0, width)).toList();
	}

	private AttributedString title(Frame frame) {
		return line().append("Migration Guard  ", BOLD)
			.append(frame.headline())
			.append("  " + Texts.seconds(frame.elapsed()), FAINT)
			.toAttributedString();
	}

	private void addTable(List<ReplicaSnapshot> replicas, int width, List<AttributedString> lines) {
		List<Column> columns = columns(replicas, width);
		lines.add(join(columns.stream().map((column) -> text(column.title(), FAINT)).toList(), columns));
		for (ReplicaSnapshot replica : replicas) {
			lines.add(join(columns.stream().map((column) -> column.cell().apply(replica)).toList(), columns));
		}
	}

	private List<Column> columns(List<ReplicaSnapshot> replicas, int width) {
		List<Column> columns = new ArrayList<>();
		columns.add(new Column("REPLICA", 8, (replica) -> text(replica.name(), PLAIN)));
		columns.add(new Column("STATE", 10, (replica) -> text(replica.state(), style(replica))));
		columns.add(new Column("WAITED", 6, (replica) -> text(Texts.waited(replica), PLAIN)));
		columns.add(new Column("LOCK HELD BY", 15, (replica) -> text(Texts.holder(replica), PLAIN)));
		columns.add(new Column("READINESS", 9, this::readiness));
		columns.add(new Column("PORT", 4, (replica) -> text(Integer.toString(replica.port()), PLAIN)));
		columns.replaceAll((column) -> column.fitted(replicas));
		int count = replicas.stream().map(Texts::longestProgress).mapToInt(String::length).max().orElse(0);
		int rest = width - columns.stream().mapToInt(Column::width).sum() - 2 * columns.size() - count - 2;
		int bar = Math.max(MIN_BAR, Math.min(MAX_BAR, rest));
		columns.add(4, new Column("PROGRESS", bar + 1 + count, (replica) -> progress(replica, bar, count)));
		return columns;
	}

	private AttributedString join(List<AttributedString> cells, List<Column> columns) {
		AttributedStringBuilder line = line();
		for (int i = 0; i < columns.size(); i++) {
			AttributedString cell = cells.get(i);
			line.append(cell).append(" ".repeat(2 + columns.get(i).width() - cell.columnLength()));
		}
		return line.toAttributedString();
	}

	private AttributedStyle style(ReplicaSnapshot replica) {
		if (replica.exited()) {
			return BAD;
		}
		return switch (replica.state()) {
			case "MIGRATING" -> BUSY;
			case "WAITING", "WAITING_FOR_CHANGELOG_LOCK", "BACKING_OFF" -> WAITING;
			case "COMPLETED", "UP_TO_DATE", "STARTED" -> GOOD;
			case "FAILED", "ABORTED" -> BAD;
			default -> FAINT;
		};
	}

	private AttributedString readiness(ReplicaSnapshot replica) {
		if (replica.readiness() == 0) {
			return text("-", FAINT);
		}
		return text(Integer.toString(replica.readiness()), replica.ready() ? GOOD : PLAIN);
	}

	private AttributedString progress(ReplicaSnapshot replica, int bar, int count) {
		Progress progress = replica.progress();
		if (progress == null || progress.all() == 0) {
			return AttributedString.EMPTY;
		}
		int filled = bar * progress.applied() / progress.all();
		return new AttributedStringBuilder().append(this.done.repeat(filled), (filled < bar) ? BUSY : GOOD)
			.append(this.toDo.repeat(bar - filled), FAINT)
			.append(" ")
			.append(" ".repeat(count - Texts.progress(replica).length()))
			.append(Texts.progress(replica))
			.toAttributedString();
	}

	private void addNotes(Frame frame, List<AttributedString> lines) {
		for (Blocker blocker : frame.blockers()) {
			lines.add(note("Blocker", Texts.blocker(blocker) + Texts.age(blocker), BAD));
		}
		if (!frame.attempts().isEmpty()) {
			lines.add(note("Attempts", Texts.attempts(frame.attempts())));
		}
		if (frame.readings() != null) {
			lines.add(note("Readers", Texts.readings(frame.readings())));
		}
		if (!frame.settled()) {
			ReplicaSnapshot last = frame.replicas().get(frame.replicas().size() - 1);
			lines.add(note("Running", Texts.running(frame)));
			lines.add(note("Endpoint", "curl -s localhost:%d/actuator/migrations".formatted(last.port())));
		}
		lines.add(note("Logs", frame.logs().toString()));
		if (!frame.settled()) {
			lines.add(note("Ctrl-C", "stops everything"));
		}
	}

	private AttributedString note(String label, String text) {
		return note(label, text, PLAIN);
	}

	private AttributedString note(String label, String text, AttributedStyle style) {
		return line().append("%-10s".formatted(label), FAINT).append(text, style).toAttributedString();
	}

	private static AttributedStringBuilder line() {
		return new AttributedStringBuilder().append(" ");
	}

	private static AttributedString text(String text, AttributedStyle style) {
		return new AttributedString(text, style);
	}

	private record Column(String title, int width, Function<ReplicaSnapshot, AttributedString> cell) {

		Column fitted(List<ReplicaSnapshot> replicas) {
			int widest = replicas.stream().map(this.cell).mapToInt(AttributedString::columnLength).max().orElse(0);
			return new Column(this.title, Math.max(this.width, widest), this.cell);
		}

	}

}
