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

package io.github.migrationguard.gate;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.boot.web.server.WebServer;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ApplicationContext;
import org.springframework.util.ClassUtils;

/**
 * Warns if the embedded server is not up when migrations start, which would mean that the
 * names of Spring Boot's beans have changed.
 *
 * @author Migration Guard
 */
final class EmbeddedServerCheck {

	private static final Log logger = LogFactory.getLog(MigrationGate.class);

	private static final boolean SERVERS_PRESENT = ClassUtils.isPresent(
			"org.springframework.boot.web.server.context.WebServerApplicationContext",
			EmbeddedServerCheck.class.getClassLoader());

	private EmbeddedServerCheck() {
	}

	static void run(ApplicationContext applicationContext) {
		boolean switchedOff = "-1".equals(applicationContext.getEnvironment().getProperty("server.port"));
		if (SERVERS_PRESENT && !switchedOff && Servers.isDown(applicationContext)) {
			logger.warn("The embedded web server is not up before the migrations: health and status cannot be asked"
					+ " for until they are done");
		}
	}

	/**
	 * Keeps the optional class out of the class above.
	 */
	private static final class Servers {

		static boolean isDown(ApplicationContext applicationContext) {
			if (applicationContext instanceof WebServerApplicationContext context) {
				WebServer server = context.getWebServer();
				return server == null || server.getPort() < 0;
			}
			return false;
		}

	}

}
