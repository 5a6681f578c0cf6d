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

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Everything in a service that starts to work by itself: a lifecycle in the default
 * phase, a scheduled task and a runner. Each logs once that it has started, and how many
 * units it found recorded then.
 *
 * @author Migration Guard
 */
@Component
class StartMarkers implements ApplicationRunner, SmartLifecycle {

	private static final Log logger = LogFactory.getLog(StartMarkers.class);

	private final Set<String> marked = ConcurrentHashMap.newKeySet();

	private final JdbcClient jdbcClient;

	private volatile boolean running;

	StartMarkers(JdbcClient jdbcClient) {
		this.jdbcClient = jdbcClient;
	}

	@Override
	public void start() {
		this.running = true;
		mark("lifecycle");
	}

	@Scheduled(fixedDelay = 100)
	void poll() {
		mark("scheduler");
	}

	@Override
	public void run(ApplicationArguments args) {
		mark("runner");
	}

	private void mark(String name) {
		if (this.marked.add(name)) {
			logger.info("Marker %s: %s units".formatted(name, countUnits()));
		}
	}

	private String countUnits() {
		try {
			boolean flyway = this.jdbcClient.sql("select to_regclass('flyway_schema_history') is not null")
				.query(Boolean.class)
				.single();
			return this.jdbcClient
				.sql("select count(*) from " + (flyway ? "flyway_schema_history" : "databasechangelog"))
				.query(String.class)
				.single();
		}
		catch (BadSqlGrammarException ex) {
			return "no";
		}
		catch (DataAccessException ex) {
			return "unknown";
		}
	}

	@Override
	public void stop() {
		this.running = false;
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

}
