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

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionEvaluationReport;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.env.Environment;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.core.io.support.SpringFactoriesLoader.ArgumentResolver;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Decides when the migrations run, by asking every {@link SchemaReaderDetector}, and
 * writes into the conditions report what each of them found.
 *
 * @author Migration Guard
 * @since 0.1.0
 */
public final class StartupPlanner {

	private static final String SOURCE = "migration-guard.startup.mode";

	private final ConfigurableListableBeanFactory beanFactory;

	private final Environment environment;

	/**
	 * Create a planner.
	 * @param beanFactory the factory, with all bean definitions
	 * @param environment the environment
	 */
	public StartupPlanner(ConfigurableListableBeanFactory beanFactory, Environment environment) {
		this.beanFactory = beanFactory;
		this.environment = environment;
	}

	/**
	 * Decide.
	 * @param configured the configured mode
	 * @return the plan
	 */
	public StartupPlan plan(StartupMode configured) {
		return (configured != StartupMode.AUTO) ? new StartupPlan(configured, SOURCE + "=" + configured.getValue())
				: detect();
	}

	private StartupPlan detect() {
		ArgumentResolver arguments = ArgumentResolver.of(Environment.class, this.environment)
			.and(ConfigurableListableBeanFactory.class, this.beanFactory);
		List<String> found = new ArrayList<>();
		for (SchemaReaderDetector detector : SpringFactoriesLoader
			.forDefaultResourceLocation(this.beanFactory.getBeanClassLoader())
			.load(SchemaReaderDetector.class, arguments)) {
			String reader = detector.detect(this.beanFactory, this.environment);
			report(detector, reader);
			if (reader != null) {
				found.add(reader);
			}
		}
		if (found.isEmpty()) {
			return new StartupPlan(StartupMode.GATE, gateReason());
		}
		return new StartupPlan(StartupMode.IN_REFRESH, String.join("; ", found));
	}

	private String gateReason() {
		SchemaAction action = SchemaAction.of(this.environment);
		return (action.isValidate() && JpaSchemaReaderDetector.isJpaDefined(this.beanFactory))
				? "%s is put off until the migrations are done".formatted(action)
				: "nothing is known to read the schema while beans are created";
	}

	private void report(SchemaReaderDetector detector, @Nullable String reader) {
		String name = detector.getClass().getSimpleName();
		ConditionMessage message = (reader != null) ? ConditionMessage.of("%s found %s", name, reader)
				: ConditionMessage.of("%s found nothing that reads the schema while beans are created", name);
		ConditionEvaluationReport.get(this.beanFactory)
			.recordConditionEvaluation(SOURCE, new InRefreshCondition(), new ConditionOutcome(reader != null, message));
	}

	/**
	 * Stands in the report for the decision, which is made too late for a real condition:
	 * all bean definitions have to be there.
	 */
	private static final class InRefreshCondition implements Condition {

		@Override
		public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
			throw new UnsupportedOperationException();
		}

	}

}
