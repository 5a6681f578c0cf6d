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

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.BeanWrapper;
import org.springframework.beans.PropertyAccessorFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.config.DestructionAwareBeanPostProcessor;
import org.springframework.beans.factory.config.InstantiationAwareBeanPostProcessor;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.core.Ordered;
import org.springframework.core.PriorityOrdered;
import org.springframework.core.annotation.AnnotatedElementUtils;

/**
 * Makes every {@link DataSource} bean one whose connections notice their
 * {@link FirstStatement first statement}. Comes after the properties have been bound, and
 * before what decorates the bean.
 *
 * @author Migration Guard
 * @since 0.1.0
 */
public class DataSourcePostProcessor
		implements InstantiationAwareBeanPostProcessor, DestructionAwareBeanPostProcessor, PriorityOrdered {

	/**
	 * The names that the pools have for it.
	 */
	private static final String[] TEST_QUERIES = { "connectionTestQuery", "preferredTestQuery",
			"SQLForValidateConnection", "validationQuery" };

	private static final List<String> MIGRATORS = List.of("liquibase.", "org.flywaydb.",
			"org.springframework.boot.flyway.");

	/**
	 * Their beans use data sources that are beans, or migrate.
	 */
	private static final List<String> LIBRARIES = List.of("org.springframework.", "jakarta.", "javax.",
			"org.hibernate.", "org.jooq.", "org.mybatis.", "org.quartz.", "liquibase.", "org.flywaydb.");

	private final ConfigurableListableBeanFactory beanFactory;

	private final ObjectProvider<FirstStatement> firstStatement;

	/**
	 * Spring destroys the object that was replaced.
	 */
	private final Map<Object, Runnable> replacements = Collections.synchronizedMap(new IdentityHashMap<>());

	/**
	 * Create a post-processor.
	 * @param beanFactory the factory of the beans
	 * @param firstStatement what runs the migrations
	 */
	public DataSourcePostProcessor(ConfigurableListableBeanFactory beanFactory,
			ObjectProvider<FirstStatement> firstStatement) {
		this.beanFactory = beanFactory;
		this.firstStatement = firstStatement;
	}

	/**
	 * What a bean sends over a connection of its own cannot be noticed. If it needs the
	 * migrations, it says so: else it would not be created after them. The beans of
	 * auto-configurations, such as a job scheduler, use the data sources that are beans.
	 */
	@Override
	public @Nullable Object postProcessBeforeInstantiation(Class<?> beanClass, String beanName) {
		if (dependsOnMigrator(beanName) && isOfApplication(beanClass, beanName)) {
			this.firstStatement.getObject()
				.cannotBeNoticed(
						"the bean '%s' depends on the migrations, and statements over a connection of its own cannot be noticed"
							.formatted(beanName));
		}
		return null;
	}

	private boolean dependsOnMigrator(String beanName) {
		String[] dependencies = this.beanFactory.containsBeanDefinition(beanName)
				? this.beanFactory.getMergedBeanDefinition(beanName).getDependsOn() : null;
		return dependencies != null && Stream.of(dependencies)
			.filter(this.beanFactory::containsBean)
			.map(this.beanFactory::getType)
			.anyMatch((type) -> type != null && isOf(MIGRATORS, type));
	}

	private boolean isOfApplication(Class<?> beanClass, String beanName) {
		String factory = this.beanFactory.getMergedBeanDefinition(beanName).getFactoryBeanName();
		Class<?> configuration = (factory != null) ? this.beanFactory.getType(factory) : null;
		return !isOf(LIBRARIES, beanClass) && !isAutoConfiguration(configuration);
	}

	/**
	 * As Spring Boot's {@code AutoConfigurationExcludeFilter} tells them.
	 */
	private boolean isAutoConfiguration(@Nullable Class<?> configuration) {
		List<String> candidates = ImportCandidates.load(AutoConfiguration.class, this.beanFactory.getBeanClassLoader())
			.getCandidates();
		return Stream.<Class<?>>iterate(configuration, Objects::nonNull, Class::getEnclosingClass)
			.anyMatch((candidate) -> AnnotatedElementUtils.hasAnnotation(candidate, AutoConfiguration.class)
					|| candidates.contains(candidate.getName()));
	}

	private static boolean isOf(List<String> packages, Class<?> type) {
		return Stream.<Class<?>>iterate(type, Objects::nonNull, Class::getSuperclass)
			.anyMatch((candidate) -> packages.stream().anyMatch(candidate.getName()::startsWith));
	}

	@Override
	public Object postProcessBeforeInitialization(Object bean, String beanName) {
		if (GuardedDataSources.HIKARI && isToBeGuarded(bean) && GuardedHikariDataSource.isReplaceable(bean)
				&& isClosedWithContext(beanName)) {
			HikariDataSource pool = GuardedHikariDataSource.replace((HikariDataSource) bean, beanName,
					this.firstStatement.getObject());
			this.replacements.put(bean, pool::close);
			return pool;
		}
		return bean;
	}

	private boolean isToBeGuarded(Object bean) {
		return bean instanceof DataSource dataSource && !this.firstStatement.getObject().isOver()
				&& !GuardedDataSources.isGuarded(dataSource, this.firstStatement.getObject());
	}

	/**
	 * Otherwise somebody else, such as JNDI, has the pool and closes it.
	 */
	private boolean isClosedWithContext(String beanName) {
		return !(this.beanFactory.containsBeanDefinition(beanName)
				&& this.beanFactory.getMergedBeanDefinition(beanName) instanceof AbstractBeanDefinition definition
				&& "".equals(definition.getDestroyMethodName()));
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		return isToBeGuarded(bean) ? guard((DataSource) bean, beanName) : bean;
	}

	private DataSource guard(DataSource dataSource, String beanName) {
		FirstStatement firstStatement = this.firstStatement.getObject();
		DataSource proxy = FirstStatementInterceptor.proxy(firstStatement, dataSource,
				this.beanFactory.getBeanClassLoader());
		Class<?> type = declaredType(beanName);
		if (type != null && !type.isInstance(proxy)) {
			firstStatement.cannotBeNoticed("the data source '%s' cannot be replaced, as the class %s is final"
				.formatted(beanName, type.getName()));
			return dataSource;
		}
		BeanWrapper properties = PropertyAccessorFactory.forBeanPropertyAccess(dataSource);
		Stream.of(TEST_QUERIES)
			.filter(properties::isReadableProperty)
			.forEach((name) -> firstStatement.addHarmless((String) properties.getPropertyValue(name)));
		return proxy;
	}

	/**
	 * The class by which others may have the bean injected.
	 */
	private @Nullable Class<?> declaredType(String beanName) {
		if (!this.beanFactory.containsBeanDefinition(beanName)) {
			return null;
		}
		return this.beanFactory.isFactoryBean(beanName) ? this.beanFactory.getType(beanName)
				: this.beanFactory.getMergedBeanDefinition(beanName).getResolvableType().resolve();
	}

	@Override
	public boolean requiresDestruction(Object bean) {
		return this.replacements.containsKey(bean);
	}

	@Override
	public void postProcessBeforeDestruction(Object bean, String beanName) {
		Runnable closing = this.replacements.remove(bean);
		if (closing != null) {
			closing.run();
		}
	}

	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE + 100;
	}

}
