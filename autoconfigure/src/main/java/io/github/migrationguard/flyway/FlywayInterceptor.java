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

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import javax.sql.DataSource;

import io.github.migrationguard.JdbcUrls;
import io.github.migrationguard.MigratorDetector;
import io.github.migrationguard.UnguardedRuns;
import io.github.migrationguard.gate.MigrationStarter;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanCreationException;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.MergedBeanDefinitionPostProcessor;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.flyway.autoconfigure.FlywayMigrationInitializer;
import org.springframework.core.Ordered;
import org.springframework.core.PriorityOrdered;

/**
 * Keeps the container from running any {@link FlywayMigrationInitializer} bean, and any
 * {@link Flyway} bean whose init method is {@code migrate}, and hands it to the
 * {@link MigrationStarter} instead. The bean itself, its type and its {@link Flyway} stay
 * as they are. A bean for another database than PostgreSQL runs as ever.
 *
 * @author Migration Guard
 */
class FlywayInterceptor implements MergedBeanDefinitionPostProcessor, MigratorDetector, PriorityOrdered {

	private static final Log logger = LogFactory.getLog(FlywayInterceptor.class);

	private static final String TOOL = "flyway";

	private static final String MIGRATE = "migrate";

	private final ConfigurableListableBeanFactory beanFactory;

	private final ObjectProvider<MigrationStarter> starter;

	private final ObjectProvider<UnguardedRuns> unguardedRuns;

	private final Map<String, RootBeanDefinition> intercepted = new ConcurrentHashMap<>();

	private final Set<String> migrators = ConcurrentHashMap.newKeySet();

	FlywayInterceptor(ConfigurableListableBeanFactory beanFactory, ObjectProvider<MigrationStarter> starter,
			ObjectProvider<UnguardedRuns> unguardedRuns) {
		this.beanFactory = beanFactory;
		this.starter = starter;
		this.unguardedRuns = unguardedRuns;
	}

	@Override
	public void postProcessMergedBeanDefinition(RootBeanDefinition beanDefinition, Class<?> beanType, String beanName) {
		String method = findMigratingMethod(beanDefinition, beanType);
		if (method != null) {
			if (beanDefinition.isSingleton()) {
				beanDefinition.registerExternallyManagedInitMethod(method);
			}
			this.intercepted.put(beanName, beanDefinition);
		}
	}

	private static @Nullable String findMigratingMethod(RootBeanDefinition beanDefinition, Class<?> beanType) {
		if (FlywayMigrationInitializer.class.isAssignableFrom(beanType)) {
			return "afterPropertiesSet";
		}
		return (Flyway.class.isAssignableFrom(beanType) && MIGRATE.equals(beanDefinition.getInitMethodName())) ? MIGRATE
				: null;
	}

	/**
	 * Called when the container would call the method: with the bean itself, of which
	 * there may be a proxy later.
	 */
	@Override
	public Object postProcessBeforeInitialization(Object bean, String beanName) {
		RootBeanDefinition beanDefinition = this.intercepted.get(beanName);
		if (beanDefinition != null) {
			initialized(bean, beanName, beanDefinition);
		}
		return bean;
	}

	private void initialized(Object bean, String beanName, RootBeanDefinition beanDefinition) {
		FlywayMigrationInitializer initializer = (bean instanceof Flyway flyway)
				? new FlywayMigrationInitializer(flyway) : (FlywayMigrationInitializer) bean;
		FlywayAccess access = createAccess(initializer, beanName);
		if (access != null) {
			initialized(access, bean, beanName, beanDefinition);
		}
		else if (beanDefinition.isSingleton()) {
			runNow(initializer, beanName, beanDefinition);
		}
	}

	/**
	 * Another version of Spring Boot may lack what has to be read in a bean.
	 */
	private @Nullable FlywayAccess createAccess(FlywayMigrationInitializer initializer, String beanName) {
		try {
			return new FlywayAccess(initializer);
		}
		catch (LinkageError ex) {
			this.unguardedRuns.getObject().reportUnknownVersion(beanName, TOOL, ex);
			return null;
		}
	}

	private void initialized(FlywayAccess access, Object bean, String beanName, RootBeanDefinition beanDefinition) {
		DataSource dataSource = access.findDataSource();
		boolean otherDatabase = dataSource != null && JdbcUrls.isOtherDatabase(dataSource);
		if (!beanDefinition.isSingleton()) {
			reportUnguarded(dataSource, beanName, "it is no singleton and runs whenever one is created");
			return;
		}
		String name = (bean instanceof Flyway) ? beanName : migratorName(access, beanName);
		if (otherDatabase) {
			logger.info("Migration '%s' is not guarded: its database is not PostgreSQL".formatted(name));
		}
		if (dataSource == null || otherDatabase) {
			runNow(access.initializer(), beanName, beanDefinition);
		}
		else {
			this.starter.getObject().initialized(new FlywayMigrator(name, access, this::findLaterBeans));
		}
	}

	private void reportUnguarded(@Nullable DataSource dataSource, String beanName, String reason) {
		if (dataSource != null && !JdbcUrls.isOtherDatabase(dataSource)) {
			this.unguardedRuns.getObject().report(beanName, TOOL, reason);
		}
	}

	/**
	 * Return the name under which Actuator's {@code flyway} endpoint shows the bean too.
	 */
	private String migratorName(FlywayAccess access, String initializerName) {
		for (String name : this.beanFactory.getBeanNamesForType(Flyway.class, false, false)) {
			if (this.beanFactory.containsSingleton(name) && this.beanFactory.getSingleton(name) == access.flyway()
					&& this.migrators.add(name)) {
				return name;
			}
		}
		this.migrators.add(initializerName);
		return initializerName;
	}

	private List<String> findLaterBeans() {
		return Stream.of(this.beanFactory.getBeanNamesForType(FlywayMigrationInitializer.class, false, false))
			.filter((name) -> !this.beanFactory.containsSingleton(name)
					&& !this.beanFactory.isCurrentlyInCreation(name))
			.toList();
	}

	private void runNow(FlywayMigrationInitializer initializer, String beanName, RootBeanDefinition beanDefinition) {
		try {
			initializer.afterPropertiesSet();
		}
		catch (Exception ex) {
			throw new BeanCreationException(beanDefinition.getResourceDescription(), beanName, ex.getMessage(), ex);
		}
	}

	@Override
	public void detectMigrators() {
		this.beanFactory.getBeansOfType(FlywayMigrationInitializer.class, false, true);
		for (String name : this.beanFactory.getBeanNamesForType(Flyway.class, false, true)) {
			if (this.beanFactory.containsBeanDefinition(name)
					&& MIGRATE.equals(this.beanFactory.getMergedBeanDefinition(name).getInitMethodName())) {
				this.beanFactory.getBean(name);
			}
		}
		this.unguardedRuns.getObject().findInParents(FlywayMigrationInitializer.class).forEach(this::reportParent);
	}

	private void reportParent(String name, FlywayMigrationInitializer initializer) {
		FlywayAccess access = createAccess(initializer, name);
		if (access != null) {
			reportUnguarded(access.findDataSource(), name, UnguardedRuns.IN_PARENT);
		}
	}

	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

}
