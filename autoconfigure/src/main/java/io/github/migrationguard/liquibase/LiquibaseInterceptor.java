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

package io.github.migrationguard.liquibase;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import javax.sql.DataSource;

import io.github.migrationguard.JdbcUrls;
import io.github.migrationguard.MigrationException;
import io.github.migrationguard.Migrator;
import io.github.migrationguard.MigratorDetector;
import io.github.migrationguard.UnguardedRuns;
import io.github.migrationguard.gate.MigrationStarter;
import io.github.migrationguard.liquibase.MultiTenantAccess.Tenant;
import liquibase.integration.spring.MultiTenantSpringLiquibase;
import liquibase.integration.spring.SpringLiquibase;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.BeansException;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.MergedBeanDefinitionPostProcessor;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.core.Ordered;
import org.springframework.core.PriorityOrdered;

/**
 * Takes the run of every {@link SpringLiquibase} bean, and of every
 * {@link MultiTenantSpringLiquibase} bean tenant by tenant, over from the container:
 * {@code afterPropertiesSet} is registered as externally managed, so that the container
 * does not call it, while the type and the identity of the bean stay what they are.
 *
 * @author Migration Guard
 * @see RootBeanDefinition#registerExternallyManagedInitMethod(String)
 */
class LiquibaseInterceptor implements MergedBeanDefinitionPostProcessor, MigratorDetector, PriorityOrdered {

	private static final Log logger = LogFactory.getLog(LiquibaseInterceptor.class);

	private static final String TOOL = "liquibase";

	private final ConfigurableListableBeanFactory beanFactory;

	private final ObjectProvider<MigrationStarter> starter;

	private final ObjectProvider<UnguardedRuns> unguardedRuns;

	private final Map<String, RootBeanDefinition> intercepted = new ConcurrentHashMap<>();

	LiquibaseInterceptor(ConfigurableListableBeanFactory beanFactory, ObjectProvider<MigrationStarter> starter,
			ObjectProvider<UnguardedRuns> unguardedRuns) {
		this.beanFactory = beanFactory;
		this.starter = starter;
		this.unguardedRuns = unguardedRuns;
	}

	@Override
	public void postProcessMergedBeanDefinition(RootBeanDefinition beanDefinition, Class<?> beanType, String beanName) {
		if (isMigrating(beanType)) {
			if (beanDefinition.isSingleton()) {
				beanDefinition.registerExternallyManagedInitMethod("afterPropertiesSet");
			}
			this.intercepted.put(beanName, beanDefinition);
		}
	}

	private static boolean isMigrating(Class<?> beanType) {
		return SpringLiquibase.class.isAssignableFrom(beanType)
				|| MultiTenantSpringLiquibase.class.isAssignableFrom(beanType);
	}

	/**
	 * Called when the container would call {@code afterPropertiesSet}: with the bean
	 * itself, of which there may be a proxy later.
	 */
	@Override
	public Object postProcessBeforeInitialization(Object bean, String beanName) {
		RootBeanDefinition beanDefinition = this.intercepted.get(beanName);
		if (beanDefinition != null) {
			try {
				initialized(bean, beanName, beanDefinition);
			}
			catch (MigrationException | BeansException ex) {
				throw ex;
			}
			catch (Exception ex) {
				throw new BeanCreationException(beanDefinition.getResourceDescription(), beanName, ex.getMessage(), ex);
			}
		}
		return bean;
	}

	private void initialized(Object bean, String beanName, RootBeanDefinition beanDefinition) throws Exception {
		if (!beanDefinition.isSingleton()) {
			createdAgain(bean, beanName);
		}
		else if (bean instanceof SpringLiquibase liquibase) {
			initialized(liquibase, beanName);
		}
		else if (bean instanceof MultiTenantSpringLiquibase liquibase) {
			initialized(liquibase, beanName);
		}
	}

	/**
	 * The container runs a bean of another scope whenever it creates one.
	 */
	private void createdAgain(Object bean, String beanName) {
		reportUnguarded(bean, beanName, "it is no singleton and runs whenever one is created");
	}

	private void reportUnguarded(Object bean, String beanName, String reason) {
		DataSource dataSource = (bean instanceof SpringLiquibase liquibase) ? liquibase.getDataSource()
				: ((MultiTenantSpringLiquibase) bean).getDataSource();
		if (dataSource != null && !JdbcUrls.isOtherDatabase(dataSource)) {
			this.unguardedRuns.getObject().report(beanName, TOOL, reason);
		}
	}

	/**
	 * A bean without a data source is a mock, one that is switched off by a subclass, or
	 * one that says itself what it lacks.
	 */
	private void initialized(SpringLiquibase bean, String beanName) throws Exception {
		if (bean.getDataSource() == null) {
			bean.afterPropertiesSet();
			return;
		}
		Migrator migrator = createMigrator(bean, beanName);
		if (migrator != null) {
			guard(migrator);
		}
		else {
			bean.afterPropertiesSet();
		}
	}

	/**
	 * Another version of Liquibase may lack what has to be read in a bean.
	 */
	private @Nullable Migrator createMigrator(SpringLiquibase bean, String beanName) {
		try {
			return new LiquibaseMigrator(beanName, beanName, bean, this::findLaterBeans);
		}
		catch (LinkageError ex) {
			this.unguardedRuns.getObject().reportUnknownVersion(beanName, TOOL, ex);
			return null;
		}
	}

	private void initialized(MultiTenantSpringLiquibase bean, String beanName) throws Exception {
		MultiTenantAccess access = new MultiTenantAccess(bean);
		if (!access.isComplete()) {
			bean.afterPropertiesSet();
		}
		else if (!access.overridesRun()) {
			for (Tenant tenant : access.tenants()) {
				guard(new LiquibaseMigrator(beanName + "." + tenant.name(), beanName, tenant.liquibase(),
						this::findLaterBeans));
			}
		}
		else if (bean.getDataSource() != null) {
			guard(new MultiTenantMigrator(beanName, bean));
		}
		else {
			this.unguardedRuns.getObject()
				.report(beanName, TOOL, "its class overrides the run and has no data source of its own");
			bean.afterPropertiesSet();
		}
	}

	private void guard(Migrator migrator) throws Exception {
		if (JdbcUrls.isOtherDatabase(migrator.getDataSource())) {
			logger.info("Migration '%s' is not guarded: its database is not PostgreSQL".formatted(migrator.getName()));
			migrator.runUnguarded();
		}
		else {
			this.starter.getObject().initialized(migrator);
		}
	}

	private List<String> findLaterBeans() {
		return Stream.of(SpringLiquibase.class, MultiTenantSpringLiquibase.class)
			.flatMap((type) -> Stream.of(this.beanFactory.getBeanNamesForType(type, false, false)))
			.filter((name) -> !this.beanFactory.containsSingleton(name)
					&& !this.beanFactory.isCurrentlyInCreation(name))
			.toList();
	}

	@Override
	public void detectMigrators() {
		this.beanFactory.getBeansOfType(SpringLiquibase.class, false, true);
		this.beanFactory.getBeansOfType(MultiTenantSpringLiquibase.class, false, true);
		reportParents(SpringLiquibase.class);
		reportParents(MultiTenantSpringLiquibase.class);
	}

	private void reportParents(Class<?> type) {
		this.unguardedRuns.getObject()
			.findInParents(type)
			.forEach((name, bean) -> reportUnguarded(bean, name, UnguardedRuns.IN_PARENT));
	}

	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

}
