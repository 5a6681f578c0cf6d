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

package io.github.migrationguard;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.springframework.asm.ClassReader;
import org.springframework.asm.ClassVisitor;
import org.springframework.asm.FieldVisitor;
import org.springframework.asm.Handle;
import org.springframework.asm.MethodVisitor;
import org.springframework.asm.Opcodes;
import org.springframework.asm.SpringAsmInfo;

/**
 * What the compiled classes say to their users: the texts in them, and which of those are
 * lines in the log.
 *
 * @author Migration Guard
 */
class CompiledTexts {

	private static final String LOG = "org/apache/commons/logging/Log";

	private static final Set<String> LEVELS = Set.of("info", "warn", "error");

	private final Set<String> texts = new TreeSet<>();

	private final List<LogLine> logLines = new ArrayList<>();

	static CompiledTexts of(Path classes) throws IOException {
		CompiledTexts texts = new CompiledTexts();
		try (Stream<Path> files = Files.walk(classes)) {
			for (Path file : files.filter((path) -> path.toString().endsWith(".class")).toList()) {
				new ClassReader(Files.readAllBytes(file)).accept(texts.new TextVisitor(), 0);
			}
		}
		return texts;
	}

	Set<String> matching(String regex) {
		return this.texts.stream().filter((text) -> text.matches(regex)).collect(Collectors.toCollection(TreeSet::new));
	}

	List<LogLine> logLines() {
		return this.logLines;
	}

	/**
	 * A line in the log.
	 *
	 * @param level the level
	 * @param text the text, with a {@code %s} for everything that is not fixed
	 */
	record LogLine(String level, String text) {

		boolean matches(LogLine example) {
			String regex = Arrays.stream(this.text.split("%[sd]", -1))
				.map(Pattern::quote)
				.collect(Collectors.joining(".*"));
			return this.level.equals(example.level) && example.text.matches(regex);
		}

	}

	private final class TextVisitor extends ClassVisitor {

		TextVisitor() {
			super(SpringAsmInfo.ASM_VERSION);
		}

		@Override
		public FieldVisitor visitField(int access, String name, String descriptor, String signature, Object value) {
			if (value instanceof String text) {
				CompiledTexts.this.texts.add(text);
			}
			return null;
		}

		@Override
		public MethodVisitor visitMethod(int access, String name, String descriptor, String signature,
				String[] exceptions) {
			return new LogVisitor();
		}

	}

	/**
	 * Takes the last sentence that was loaded before the log is called for the line.
	 */
	private final class LogVisitor extends MethodVisitor {

		private String sentence;

		LogVisitor() {
			super(SpringAsmInfo.ASM_VERSION);
		}

		@Override
		public void visitLdcInsn(Object value) {
			if (value instanceof String text) {
				add(text);
			}
		}

		@Override
		public void visitInvokeDynamicInsn(String name, String descriptor, Handle method, Object... arguments) {
			if (arguments.length > 0 && arguments[0] instanceof String recipe) {
				add(recipe.replace("\u0001", "%s"));
			}
		}

		private void add(String text) {
			CompiledTexts.this.texts.add(text);
			if (text.matches("(?s)(\\p{Lu}|%s).* .*")) {
				this.sentence = text;
			}
		}

		@Override
		public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean isInterface) {
			if (owner.equals(LOG)) {
				if (LEVELS.contains(name) && this.sentence != null) {
					CompiledTexts.this.logLines.add(new LogLine(name.toUpperCase(Locale.ROOT), this.sentence));
				}
				this.sentence = null;
			}
		}

		@Override
		public void visitInsn(int opcode) {
			if (opcode == Opcodes.ATHROW) {
				this.sentence = null;
			}
		}

	}

}
