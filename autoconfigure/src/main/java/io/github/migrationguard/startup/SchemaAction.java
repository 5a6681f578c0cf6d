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

package io.github.migrationguard.startup;

import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/**
 * What JPA does to the schema when its factory is created, as configured by properties.
 *
 * @param property the property that says so, or {@code null} if none does
 * @param value the value of the property
 * @author Migration Guard
 * @see org.springframework.boot.hibernate.autoconfigure.HibernateProperties
 */
record SchemaAction(@Nullable String property, String value) {

	/**
	 * In the order in which Spring Boot and Hibernate let them win.
	 */
	private static final String[] PROPERTIES = {
			"spring.jpa.properties.jakarta.persistence.schema-generation.database.action",
			"spring.jpa.properties.hibernate.hbm2ddl.auto", "spring.jpa.hibernate.ddl-auto" };

	private static final String GENERATE_DDL = "spring.jpa.generate-ddl";

	private static final Set<String> NONE = Set.of("none", "false", "");

	static SchemaAction of(Environment environment) {
		for (String property : PROPERTIES) {
			String value = environment.getProperty(property);
			if (value != null) {
				return new SchemaAction(property, value.trim());
			}
		}
		boolean generate = Binder.get(environment).bind(GENERATE_DDL, Boolean.class).orElse(false);
		return generate ? new SchemaAction(GENERATE_DDL, "true") : new SchemaAction(null, "none");
	}

	boolean isNone() {
		return NONE.contains(this.value);
	}

	boolean isValidate() {
		return this.value.equals("validate");
	}

	@Override
	public String toString() {
		return this.property + "=" + this.value;
	}

}
