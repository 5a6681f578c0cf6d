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

package io.github.migrationguard.flyway;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import javax.sql.DataSource;

import io.github.migrationguard.JdbcUrls;
import io.github.migrationguard.MigratorDetector;
import io.github.migrationguard.gate.MigrationStarter;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.flywaydb.core.Flyway;

import org.springframework.beans.factory.BeanCreationException;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.MergedBeanDefinitionPostProcessor;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.flyway.autoconfigure.FlywayMigrationInitializer;
import org.springframework.core.Ordered;
import org.springframework.core.PriorityOrdered;

/**
 * Keeps the container from running any {@link FlywayMigrationInitializer} bean, and hands
 * it to the {@link MigrationStarter} instead. The bean itself, its type and its
 * {@link Flyway} stay as they are. A bean for another database than PostgreSQL runs as
 * ever.
 *
 * @author Migration Guard
 */
class FlywayInterceptor implements MergedBeanDefinitionPostProcessor, MigratorDetector, PriorityOrdered {

	private static final Log logger = LogFactory.getLog(FlywayInterceptor.class);

	private final ConfigurableListableBeanFactory beanFactory;

	private final ObjectProvider<MigrationStarter> starter;

	private final Map<String, RootBeanDefinition> intercepted = new ConcurrentHashMap<>();

	private final Set<String> migrators = ConcurrentHashMap.newKeySet();

	FlywayInterceptor(ConfigurableListableBeanFactory beanFactory, ObjectProvider<MigrationStarter> starter) {
		this.beanFactory = beanFactory;
		this.starter = starter;
	}

	@Override
	public void postProcessMergedBeanDefinition(RootBeanDefinition beanDefinition, Class<?> beanType, String beanName) {
		if (FlywayMigrationInitializer.class.isAssignableFrom(beanType) && beanDefinition.isSingleton()) {
			beanDefinition.registerExternallyManagedInitMethod("afterPropertiesSet");
			this.intercepted.put(beanName, beanDefinition);
		}
	}

	/**
	 * Called when the container would call {@code afterPropertiesSet}: with the bean
	 * itself, of which there may be a proxy later.
	 */
	@Override
	public Object postProcessBeforeInitialization(Object bean, String beanName) {
		RootBeanDefinition beanDefinition = this.intercepted.get(beanName);
		if (bean instanceof FlywayMigrationInitializer initializer && beanDefinition != null) {
			FlywayAccess access = new FlywayAccess(initializer);
			DataSource dataSource = access.findDataSource();
			if (dataSource == null) {
				runNow(access, beanName, beanDefinition);
			}
			else if (JdbcUrls.isOtherDatabase(dataSource)) {
				logger.info("Migration '%s' is not guarded: its database is not PostgreSQL"
					.formatted(migratorName(access, beanName)));
				runNow(access, beanName, beanDefinition);
			}
			else {
				this.starter.getObject().initialized(new FlywayMigrator(migratorName(access, beanName), access));
			}
		}
		return bean;
	}

	/**
	 * Return the name under which Actuator's {@code flyway} endpoint shows the bean too.
	 */
	private String migratorName(FlywayAccess access, String initializerName) {
		for (String name : this.beanFactory.getBeanNamesForType(Flyway.class, false, false)) {
			if (this.beanFactory.getSingleton(name) == access.flyway() && this.migrators.add(name)) {
				return name;
			}
		}
		this.migrators.add(initializerName);
		return initializerName;
	}

	private void runNow(FlywayAccess access, String beanName, RootBeanDefinition beanDefinition) {
		try {
			access.initializer().afterPropertiesSet();
		}
		catch (Exception ex) {
			throw new BeanCreationException(beanDefinition.getResourceDescription(), beanName, ex.getMessage(), ex);
		}
	}

	@Override
	public void detectMigrators() {
		this.beanFactory.getBeansOfType(FlywayMigrationInitializer.class, false, true);
	}

	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

}
