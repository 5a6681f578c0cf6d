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

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.stream.Stream;

import io.github.migrationguard.gate.SchemaCheck;
import io.github.migrationguard.startup.SchemaValidationDeferral;
import io.github.migrationguard.startup.StartupPlan;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.PersistenceException;
import jakarta.persistence.SchemaValidationException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.core.PriorityOrdered;
import org.springframework.core.env.Environment;
import org.springframework.orm.jpa.AbstractEntityManagerFactoryBean;

/**
 * Puts off until the migrations are done what Hibernate checks in the schema: the factory
 * is created without, then its schema manager validates, or the increments of its
 * sequences are compared. What is checked is the same.
 *
 * @author Migration Guard
 * @see jakarta.persistence.SchemaManager#validate()
 */
class SchemaValidationPostponer implements BeanPostProcessor, SchemaCheck, PriorityOrdered {

	private static final Log logger = LogFactory.getLog(SchemaValidationPostponer.class);

	private static final String[] ACTIONS = { "hibernate.hbm2ddl.auto",
			"jakarta.persistence.schema-generation.database.action" };

	/**
	 * Hibernate compares the increments of its sequences with those in the database when
	 * the factory is created. The validation does so, too.
	 */
	private static final String SEQUENCE_STRATEGY = "hibernate.id.sequence.increment_size_mismatch_strategy";

	private static final Set<String> NONE = Set.of("none", "false", "");

	private final BeanFactory beanFactory;

	private final Environment environment;

	private final ObjectProvider<StartupPlan> plan;

	private final Set<String> postponed = new CopyOnWriteArraySet<>();

	private final Map<String, Boolean> sequencesPostponed = new ConcurrentHashMap<>();

	private volatile boolean done;

	SchemaValidationPostponer(BeanFactory beanFactory, Environment environment, ObjectProvider<StartupPlan> plan) {
		this.beanFactory = beanFactory;
		this.environment = environment;
		this.plan = plan;
	}

	@Override
	public Object postProcessBeforeInitialization(Object bean, String beanName) {
		if (bean instanceof AbstractEntityManagerFactoryBean factory && !this.done && isPossible()) {
			postpone(factory.getJpaPropertyMap(), beanName);
		}
		return bean;
	}

	private boolean isPossible() {
		return SchemaValidationDeferral.isPossible(this.environment) && !this.plan.getObject().isInRefresh();
	}

	private void postpone(Map<String, Object> properties, String beanName) {
		Object strategy = properties.get(SEQUENCE_STRATEGY);
		if (isAction(properties, NONE) && !isStrategy(strategy, "none")) {
			properties.put(SEQUENCE_STRATEGY, "none");
			this.sequencesPostponed.put(beanName, isStrategy(strategy, "log"));
		}
		for (String action : ACTIONS) {
			if ("validate".equals(properties.get(action))) {
				properties.put(action, "none");
				properties.put(SEQUENCE_STRATEGY, "none");
				this.postponed.add(beanName);
			}
		}
		if (this.postponed.contains(beanName)) {
			logger.info("The schema validation of '%s' is put off until the migrations are done".formatted(beanName));
		}
	}

	private static boolean isAction(Map<String, Object> properties, Set<String> values) {
		return Stream.of(ACTIONS)
			.map(properties::get)
			.allMatch((value) -> value == null || values.contains(String.valueOf(value)));
	}

	private static boolean isStrategy(@Nullable Object strategy, String value) {
		return value.equalsIgnoreCase(String.valueOf(strategy));
	}

	@Override
	public void check() {
		this.done = true;
		for (String beanName : this.postponed) {
			validate(beanName, this.beanFactory.getBean(beanName, EntityManagerFactory.class));
		}
		this.sequencesPostponed.forEach((beanName, onlyLogged) -> SequenceIncrementCheck.run(beanName,
				this.beanFactory.getBean(beanName, EntityManagerFactory.class), onlyLogged));
	}

	private static void validate(String beanName, EntityManagerFactory factory) {
		try {
			factory.getSchemaManager().validate();
		}
		catch (SchemaValidationException ex) {
			throw new PersistenceException("[%s] %s".formatted(beanName, ex.getMessage()), ex);
		}
	}

	/**
	 * Another post-processor may need the factory.
	 */
	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

}
