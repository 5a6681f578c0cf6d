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

package io.github.migrationguard.lock;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * How long a connection bears a server that does not answer, before it is given up as
 * lost: a network that drops packets tells nobody. Only what is watched from another
 * connection may take as long as it likes, for a statement of a migration may take hours.
 * Nothing is sent to the server.
 *
 * @author Migration Guard
 * @since 0.1.0
 * @see Connection#setNetworkTimeout
 */
public final class NetworkTimeout {

	private static final Log logger = LogFactory.getLog(NetworkTimeout.class);

	/**
	 * Longer than a waiter's own time limits in the server, which are the better end.
	 */
	private static final Duration LIMIT = Duration.ofSeconds(20);

	private NetworkTimeout() {
	}

	/**
	 * Bear silence for a limited time from now on, as far as the driver knows such a
	 * limit and the connection is not closed.
	 * @param connection the connection
	 */
	public static void limit(Connection connection) {
		set(connection, LIMIT);
	}

	/**
	 * Bear silence without end from now on.
	 * @param connection the connection, which is watched by somebody else
	 */
	public static void suspend(Connection connection) {
		set(connection, Duration.ZERO);
	}

	private static void set(Connection connection, Duration timeout) {
		try {
			connection.setNetworkTimeout(Runnable::run, Math.toIntExact(timeout.toMillis()));
		}
		catch (SQLException ex) {
			logger.debug("Could not set the network timeout of a connection", ex);
		}
	}

}
