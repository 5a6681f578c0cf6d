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

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.github.migrationguard.JdbcUrls;
import io.github.migrationguard.MigratorDetector;
import io.github.migrationguard.gate.MigrationStarter;
import liquibase.exception.LiquibaseException;
import liquibase.integration.spring.SpringLiquibase;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.beans.factory.BeanCreationException;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.support.MergedBeanDefinitionPostProcessor;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.core.Ordered;
import org.springframework.core.PriorityOrdered;

/**
 * Takes the run of every {@link SpringLiquibase} bean over from the container: its
 * {@code afterPropertiesSet} is registered as externally managed, so that the container
 * does not call it, while the type and the identity of the bean stay what they are.
 *
 * @author Migration Guard
 * @see RootBeanDefinition#registerExternallyManagedInitMethod(String)
 */
class LiquibaseInterceptor implements MergedBeanDefinitionPostProcessor, MigratorDetector, PriorityOrdered {

	private static final Log logger = LogFactory.getLog(LiquibaseInterceptor.class);

	private final ListableBeanFactory beanFactory;

	private final ObjectProvider<MigrationStarter> starter;

	private final Set<String> intercepted = ConcurrentHashMap.newKeySet();

	LiquibaseInterceptor(ListableBeanFactory beanFactory, ObjectProvider<MigrationStarter> starter) {
		this.beanFactory = beanFactory;
		this.starter = starter;
	}

	@Override
	public void postProcessMergedBeanDefinition(RootBeanDefinition beanDefinition, Class<?> beanType, String beanName) {
		if (SpringLiquibase.class.isAssignableFrom(beanType) && beanDefinition.isSingleton()) {
			beanDefinition.registerExternallyManagedInitMethod("afterPropertiesSet");
			this.intercepted.add(beanName);
		}
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		if (bean instanceof SpringLiquibase liquibase && this.intercepted.contains(beanName)) {
			if (JdbcUrls.isOtherDatabase(liquibase.getDataSource())) {
				runNow(liquibase, beanName);
			}
			else {
				this.starter.getObject().initialized(new LiquibaseMigrator(beanName, liquibase));
			}
		}
		return bean;
	}

	private void runNow(SpringLiquibase liquibase, String beanName) {
		logger.info("Migration '%s' is not guarded: its database is not PostgreSQL".formatted(beanName));
		try {
			liquibase.afterPropertiesSet();
		}
		catch (LiquibaseException ex) {
			throw new BeanCreationException(beanName, "Invocation of init method failed", ex);
		}
	}

	@Override
	public void detectMigrators() {
		this.beanFactory.getBeansOfType(SpringLiquibase.class, false, true);
	}

	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

}
