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

package io.github.migrationguard.services;

import java.util.List;

/**
 * A framework that knows the database, and a service that uses it.
 *
 * @author Migration Guard
 */
enum Framework {

	/**
	 * Spring Batch, which creates its tables, with a job that runs at the start.
	 */
	BATCH(Applications.Batch.class, List.of("org.springframework.boot.batch."),
			List.of("spring.batch.jdbc.initialize-schema=always", "spring.batch.job.enabled=false"), List.of()),

	/**
	 * Spring Data JDBC, with a repository.
	 */
	DATA_JDBC(Applications.DataJdbc.class, List.of("org.springframework.boot.data.jdbc."), List.of(), List.of()),

	/**
	 * db-scheduler, with a recurring task and its table in the migrations.
	 */
	DB_SCHEDULER(Applications.DbScheduler.class, List.of("com.github.kagkarlsson."), List.of("db-scheduler.threads=1"),
			List.of("""
					create table scheduled_tasks (task_name text not null, task_instance text not null, task_data bytea,
					execution_time timestamp with time zone not null, picked boolean not null, picked_by text,
					last_success timestamp with time zone, last_failure timestamp with time zone,
					consecutive_failures int, last_heartbeat timestamp with time zone, version bigint not null,
					priority smallint, primary key (task_name, task_instance))""")),

	/**
	 * Spring Integration with its JDBC stores, which creates its tables.
	 */
	INTEGRATION(Applications.Integration.class, List.of("org.springframework.boot.integration."),
			List.of("spring.integration.jdbc.initialize-schema=always"), List.of()),

	/**
	 * Spring's JDBC support alone, read in a constructor.
	 */
	JDBC(Applications.Jdbc.class, List.of(), List.of(), List.of()),

	/**
	 * JobRunr, which creates its tables.
	 */
	JOBRUNR(Applications.JobRunr.class, List.of("org.jobrunr."), List.of("jobrunr.job-scheduler.enabled=true"),
			List.of()),

	/**
	 * jOOQ, read in a constructor.
	 */
	JOOQ(Applications.Jooq.class, List.of("org.springframework.boot.jooq."), List.of(), List.of()),

	/**
	 * JPA that leaves the schema alone, with a sequence.
	 */
	JPA_NONE(Applications.Jpa.class, jpa(), List.of("spring.jpa.hibernate.ddl-auto=none"), List.of(customer())),

	/**
	 * JPA that updates the schema, with a sequence.
	 */
	JPA_UPDATE(Applications.Jpa.class, jpa(), List.of("spring.jpa.hibernate.ddl-auto=update"), List.of()),

	/**
	 * JPA that validates the schema, with a sequence.
	 */
	JPA_VALIDATE(Applications.Jpa.class, jpa(), List.of("spring.jpa.hibernate.ddl-auto=validate"), List.of(customer())),

	/**
	 * Spring Modulith's publication of events, which creates its table in a schema that a
	 * migration creates.
	 */
	MODULITH(Applications.Modulith.class, List.of("org.springframework.modulith."),
			List.of("spring.modulith.events.jdbc.schema-initialization.enabled=true",
					"spring.modulith.events.jdbc.schema=events",
					"spring.modulith.events.republish-outstanding-events-on-restart=true"),
			List.of("create schema events")),

	/**
	 * MyBatis, read while the bean is initialized.
	 */
	MYBATIS(Applications.MyBatis.class, List.of("org.mybatis."), List.of(), List.of()),

	/**
	 * Quartz with its JDBC store, which creates its tables. Schedulers of one JVM need
	 * names of their own.
	 */
	QUARTZ(Applications.Quartz.class, List.of("org.springframework.boot.quartz."), List.of(
			"spring.quartz.job-store-type=jdbc", "spring.quartz.jdbc.initialize-schema=always",
			"spring.quartz.properties.org.quartz.jobStore.driverDelegateClass=org.quartz.impl.jdbcjobstore.PostgreSQLDelegate",
			"spring.quartz.scheduler-name=${random.uuid}"), List.of()),

	/**
	 * R2DBC, read by a bean and by a runner, with migrations over JDBC.
	 */
	R2DBC(Applications.R2dbc.class, List.of("org.springframework.boot.r2dbc.", "org.springframework.boot.data.r2dbc."),
			List.of(), List.of()),

	/**
	 * Spring Security with users in the database, one of them created at the start.
	 */
	SECURITY(Applications.Security.class, List.of("org.springframework.boot.security."), List.of(), List.of("""
			create table users (username text primary key, password text not null, enabled boolean not null)""", """
			create table authorities (username text not null references users, authority text not null)""")),

	/**
	 * Spring Session with its JDBC store, which creates its tables.
	 */
	SESSION(Applications.Session.class, List.of("org.springframework.boot.session."),
			List.of("spring.session.jdbc.initialize-schema=always"), List.of());

	private final Class<?> application;

	private final List<String> packages;

	private final List<String> properties;

	private final List<String> migrations;

	Framework(Class<?> application, List<String> packages, List<String> properties, List<String> migrations) {
		this.application = application;
		this.packages = packages;
		this.properties = properties;
		this.migrations = migrations;
	}

	Class<?> application() {
		return this.application;
	}

	/**
	 * Return where its auto-configurations are.
	 * @return the beginnings of the names of packages
	 */
	List<String> packages() {
		return this.packages;
	}

	List<String> properties() {
		return this.properties;
	}

	/**
	 * Return what the framework needs in the database.
	 * @return a script for each migration
	 */
	List<String> migrations() {
		return this.migrations;
	}

	private static List<String> jpa() {
		return List.of("org.springframework.boot.hibernate.", "org.springframework.boot.data.jpa.");
	}

	private static String customer() {
		return """
				create table customer (id bigint primary key, name varchar(255));
				create sequence customer_seq increment by 50""";
	}

}
