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

package io.github.migrationguard.testapp;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.scheduling.annotation.EnableScheduling;

/**
 * Small service that the replica tests start as separate processes. It knows nothing of
 * Migration Guard, so that the same class path without the guard gives a stock service.
 *
 * @author Migration Guard
 */
@SpringBootApplication(proxyBeanMethods = false)
@EnableScheduling
public class TestApplication {

	public static void main(String[] args) {
		exitWithParent();
		try {
			SpringApplication.run(TestApplication.class, args);
		}
		catch (RuntimeException ex) {
			if (!Boolean.getBoolean("swallow-failure")) {
				throw ex;
			}
		}
	}

	/**
	 * A test JVM that is killed has no chance to stop its replicas.
	 */
	static void exitWithParent() {
		ProcessHandle.current()
			.parent()
			.ifPresent((parent) -> parent.onExit().thenRun(() -> Runtime.getRuntime().halt(1)));
	}

}
