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

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.List;

import io.github.migrationguard.sample.OrdersApplication;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.system.ApplicationHome;

/**
 * The application of this process, for replicas to run it as well. A jar is unpacked
 * first, because every replica starts faster then.
 *
 * @author Migration Guard
 */
class ReplicaApplication implements AutoCloseable {

	static final String JAVA = Path.of(System.getProperty("java.home"), "bin", "java").toString();

	private final @Nullable File jar = new ApplicationHome(OrdersApplication.class).getSource();

	private final Path directory;

	private final @Nullable Process unpacking;

	ReplicaApplication(Path directory) throws IOException {
		this.directory = directory;
		this.unpacking = (this.jar != null && this.jar.isFile()) ? unpack(this.jar) : null;
	}

	private Process unpack(File jar) throws IOException {
		return new ProcessBuilder(JAVA, "-Djarmode=tools", "-jar", jar.getPath(), "extract", "--destination",
				this.directory.toString())
			.redirectErrorStream(true)
			.redirectOutput(Redirect.DISCARD)
			.start();
	}

	/**
	 * Return what to pass to a JVM, as soon as it is there.
	 * @return the arguments that name the application
	 */
	List<String> arguments() {
		if (this.jar == null || this.unpacking == null) {
			return List.of("-cp", System.getProperty("java.class.path"), OrdersApplication.class.getName());
		}
		boolean unpacked = this.unpacking.onExit().join().exitValue() == 0;
		return List.of("-jar", unpacked ? this.directory.resolve(this.jar.getName()).toString() : this.jar.getPath());
	}

	@Override
	public void close() {
		if (this.unpacking != null) {
			this.unpacking.destroyForcibly().onExit().join();
		}
	}

}
