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

package io.github.migrationguard.autoconfigure;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import io.github.migrationguard.BlockerSettings;
import io.github.migrationguard.ClusterSampler;
import io.github.migrationguard.DdlSettings;
import io.github.migrationguard.GuardSettings;
import io.github.migrationguard.MigrationGuard;
import io.github.migrationguard.MigrationListener;
import io.github.migrationguard.MigrationRole;
import io.github.migrationguard.MigratorDetector;
import io.github.migrationguard.UnguardedRuns;
import io.github.migrationguard.autoconfigure.MigrationGuardProperties.BlockersProperties;
import io.github.migrationguard.autoconfigure.MigrationGuardProperties.DdlProperties;
import io.github.migrationguard.gate.EarlyProbe;
import io.github.migrationguard.gate.MigrationGate;
import io.github.migrationguard.gate.MigrationStarter;
import io.github.migrationguard.gate.OnFailure;
import io.github.migrationguard.gate.SchemaCheck;
import io.github.migrationguard.startup.DataSourcePostProcessor;
import io.github.migrationguard.startup.FirstStatement;
import io.github.migrationguard.startup.StartupPlan;
import io.github.migrationguard.startup.StartupPlanner;
import io.micrometer.observation.ObservationRegistry;
import org.postgresql.PGConnection;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.event.ApplicationEventMulticaster;
import org.springframework.core.env.Environment;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the guard and its gate.
 *
 * @author Migration Guard
 * @since 0.1.0
 */
@AutoConfiguration(
		afterName = "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration")
@ConditionalOnClass(PGConnection.class)
@ConditionalOnBooleanProperty(name = "migration-guard.enabled", matchIfMissing = true)
@EnableConfigurationProperties(MigrationGuardProperties.class)
public final class MigrationGuardAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	MigrationGuard migrationGuard(MigrationGuardProperties properties, Environment environment,
			ObjectProvider<ObservationRegistry> observationRegistry, ObjectProvider<MigrationListener> listeners) {
		properties.validate();
		GuardSettings settings = new GuardSettings(
				(properties.getInstanceId() != null) ? properties.getInstanceId() : InstanceName.of(environment),
				properties.getJob().isEnabled() ? MigrationRole.MIGRATE : properties.getRole(),
				properties.getSchemaAhead(), properties.getLock().getName(), properties.getLock().getWaitTimeout(),
				properties.getDatabase().getWaitTimeout(), lowerCaseNames(properties.getSession().getSettings()),
				properties.getShutdown().getGrace(), ddl(properties.getDdl()), blockers(properties.getBlockers()),
				properties.getWatch().getInterval());
		return new MigrationGuard(settings, observationRegistry.getIfUnique(() -> ObservationRegistry.NOOP), listeners);
	}

	@Bean
	static UnguardedRuns migrationGuardUnguardedRuns(ObjectProvider<MigrationGuard> guard) {
		return new UnguardedRuns(guard);
	}

	private static DdlSettings ddl(DdlProperties ddl) {
		return new DdlSettings(ddl.getLockTimeout(), ddl.getMaxStall(), ddl.getRetry().getMaxDuration(),
				ddl.getRepairInvalidIndexes());
	}

	private static BlockerSettings blockers(BlockersProperties blockers) {
		return new BlockerSettings(blockers.getPolicy(), blockers.getPatience(), Set.copyOf(blockers.getKinds()),
				blockers.isIncludeSuperusers());
	}

	/**
	 * PostgreSQL ignores the case of the names of its settings.
	 */
	private static Map<String, String> lowerCaseNames(Map<String, String> settings) {
		Map<String, String> lowerCase = new LinkedHashMap<>();
		settings.forEach((name, value) -> lowerCase.put(name.toLowerCase(Locale.ROOT), value));
		return lowerCase;
	}

	@Bean
	@ConditionalOnMissingBean
	StartupPlan migrationStartupPlan(MigrationGuardProperties properties, ApplicationContext applicationContext) {
		return StartupPlanner.plan(properties.getStartup().getMode(), applicationContext);
	}

	@Bean
	FirstStatement migrationFirstStatement(StartupPlan plan, MigrationGuard guard,
			ConfigurableListableBeanFactory beanFactory) {
		return new FirstStatement(plan, guard, beanFactory);
	}

	@Bean
	static DataSourcePostProcessor migrationGuardDataSourcePostProcessor(ConfigurableListableBeanFactory beanFactory,
			ObjectProvider<FirstStatement> firstStatement) {
		return new DataSourcePostProcessor(beanFactory, firstStatement);
	}

	@Bean
	@ConditionalOnMissingBean
	MigrationStarter migrationStarter(MigrationGuard guard, StartupPlan plan, FirstStatement firstStatement,
			MigrationGuardProperties properties, ObjectProvider<EarlyProbe> earlyProbe,
			ObjectProvider<ApplicationEventMulticaster> eventMulticaster) {
		OnFailure onFailure = properties.getJob().isEnabled() ? OnFailure.EXIT : properties.getOnFailure();
		return new MigrationStarter(guard, plan, firstStatement, onFailure, earlyProbe, eventMulticaster);
	}

	@Bean(name = MigrationGate.BEAN_NAME)
	@ConditionalOnMissingBean
	MigrationGate migrationGate(ConfigurableApplicationContext applicationContext, MigrationGuard guard,
			MigrationStarter starter, ObjectProvider<MigratorDetector> detectors,
			ObjectProvider<SchemaCheck> schemaChecks) {
		return new MigrationGate(applicationContext, guard, starter, detectors, schemaChecks);
	}

	@Bean
	@ConditionalOnMissingBean
	ClusterSampler migrationClusterSampler() {
		return new ClusterSampler();
	}

}
