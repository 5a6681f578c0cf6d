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

import java.util.Collection;

import javax.sql.DataSource;

import io.github.migrationguard.JdbcUrls;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.scope.ScopedObject;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.HierarchicalBeanFactory;
import org.springframework.beans.factory.support.DefaultSingletonBeanRegistry;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource;
import org.springframework.util.ClassUtils;

/**
 * Tells which {@link DataSource} notices the first statement of its connections.
 *
 * @author Migration Guard
 */
final class GuardedDataSources {

	/**
	 * Whether {@link GuardedHikariDataSource} can be used.
	 */
	static final boolean HIKARI = ClassUtils.isPresent("com.zaxxer.hikari.HikariDataSource",
			GuardedDataSources.class.getClassLoader());

	private GuardedDataSources() {
	}

	/**
	 * Return whether a data source needs no guard: it has one, or leads to others that
	 * have, such as to beans of another scope, or its database is none that is migrated
	 * here.
	 */
	static boolean isGuarded(@Nullable DataSource dataSource, FirstStatement firstStatement) {
		if (dataSource == null) {
			return false;
		}
		if (dataSource instanceof ScopedObject
				|| (HIKARI && GuardedHikariDataSource.isGuarded(dataSource, firstStatement))
				|| FirstStatementInterceptor.isProxy(dataSource, firstStatement)) {
			return true;
		}
		if (dataSource instanceof DelegatingDataSource delegating) {
			return isGuarded(delegating.getTargetDataSource(), firstStatement);
		}
		if (dataSource instanceof AbstractRoutingDataSource routing) {
			return isGuarded(routing, firstStatement);
		}
		return JdbcUrls.isOtherDatabase(dataSource);
	}

	private static boolean isGuarded(AbstractRoutingDataSource routing, FirstStatement firstStatement) {
		try {
			Collection<DataSource> targets = routing.getResolvedDataSources().values();
			DataSource defaultTarget = routing.getResolvedDefaultDataSource();
			return targets.stream().allMatch((target) -> isGuarded(target, firstStatement))
					&& (defaultTarget == null || isGuarded(defaultTarget, firstStatement));
		}
		catch (IllegalStateException ex) {
			return false;
		}
	}

	/**
	 * Find a bean that was there before it could be guarded.
	 * @return its name, or {@code null} if there is none
	 */
	static @Nullable String findUnguarded(@Nullable BeanFactory beanFactory, FirstStatement firstStatement) {
		if (beanFactory instanceof DefaultSingletonBeanRegistry registry) {
			for (String name : registry.getSingletonNames()) {
				if (!registry.isSingletonCurrentlyInCreation(name)
						&& registry.getSingleton(name) instanceof DataSource dataSource
						&& !isGuarded(dataSource, firstStatement)) {
					return name;
				}
			}
		}
		return (beanFactory instanceof HierarchicalBeanFactory child)
				? findUnguarded(child.getParentBeanFactory(), firstStatement) : null;
	}

}
