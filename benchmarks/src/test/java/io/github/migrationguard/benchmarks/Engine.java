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

package io.github.migrationguard.benchmarks;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.github.migrationguard.benchmarks.Subject.Kind;
import io.github.migrationguard.testsupport.MigrationTool;

/**
 * What migrates the database of the service.
 *
 * @author Migration Guard
 */
enum Engine {

	LIQUIBASE("liquibase", "Liquibase", Kind.STOCK, MigrationTool.LIQUIBASE, Map.of()),

	LIQUIBASE_SESSIONLOCK("liquibase-sessionlock", "Liquibase + sessionlock", Kind.PEER, MigrationTool.LIQUIBASE,
			Map.of()),

	FLYWAY("flyway", "Flyway", Kind.STOCK, MigrationTool.FLYWAY, Map.of()),

	FLYWAY_SESSION_LOCK("flyway-session-lock", "Flyway, session lock", Kind.PEER, MigrationTool.FLYWAY,
			Map.of("spring.flyway.postgresql.transactional-lock", false)),

	GUARDED_LIQUIBASE("guarded-liquibase", "Migration Guard, Liquibase", Kind.GUARDED, MigrationTool.LIQUIBASE,
			Map.of()),

	GUARDED_FLYWAY("guarded-flyway", "Migration Guard, Flyway", Kind.GUARDED, MigrationTool.FLYWAY, Map.of());

	private final Subject subject;

	private final MigrationTool tool;

	private final Map<String, Object> properties;

	Engine(String id, String label, Kind kind, MigrationTool tool, Map<String, Object> properties) {
		this.subject = new Subject(id, label, kind, tool.name().toLowerCase(java.util.Locale.ROOT));
		this.tool = tool;
		this.properties = properties;
	}

	Subject subject() {
		return this.subject;
	}

	MigrationTool tool() {
		return this.tool;
	}

	Map<String, Object> properties() {
		return this.properties;
	}

	boolean isGuarded() {
		return this.subject.kind() == Kind.GUARDED;
	}

	static Engine of(Subject subject) {
		return Stream.of(values()).filter((engine) -> engine.subject.equals(subject)).findFirst().orElseThrow();
	}

	static List<Subject> subjects() {
		return Stream.of(values()).map(Engine::subject).toList();
	}

}
