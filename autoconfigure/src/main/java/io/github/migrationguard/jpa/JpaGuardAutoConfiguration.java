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

package io.github.migrationguard.jpa;

import io.github.migrationguard.autoconfigure.MigrationGuardAutoConfiguration;
import io.github.migrationguard.gate.MigrationGate;
import io.github.migrationguard.startup.StartupPlan;
import jakarta.persistence.SchemaManager;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.orm.jpa.AbstractEntityManagerFactoryBean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} that puts the schema validation of
 * JPA off until the migrations are done.
 *
 * @author Migration Guard
 * @since 0.1.0
 */
@AutoConfiguration(after = MigrationGuardAutoConfiguration.class)
@ConditionalOnClass({ AbstractEntityManagerFactoryBean.class, SchemaManager.class })
@ConditionalOnBean(MigrationGate.class)
@ConditionalOnBooleanProperty(name = "migration-guard.startup.defer-schema-validation", matchIfMissing = true)
public final class JpaGuardAutoConfiguration {

	@Bean
	static SchemaValidationPostponer migrationGuardSchemaValidationPostponer(BeanFactory beanFactory,
			Environment environment, ObjectProvider<StartupPlan> plan) {
		return new SchemaValidationPostponer(beanFactory, environment, plan);
	}

}
