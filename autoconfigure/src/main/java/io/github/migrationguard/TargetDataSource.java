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

package io.github.migrationguard;

import java.sql.SQLException;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;

import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.aop.support.AopUtils;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * Finds the {@link DataSource} that others wrap: delegating ones, AOP proxies and
 * whatever unwraps to another one. A data source that chooses between several is not
 * looked behind, as its next choice may be another one.
 *
 * @author Migration Guard
 */
final class TargetDataSource {

	private TargetDataSource() {
	}

	/**
	 * Return what is behind all wrappers, never asking the database.
	 */
	static DataSource of(DataSource dataSource) {
		DataSource target = dataSource;
		for (DataSource next = next(target); next != null && next != target; next = next(target)) {
			target = next;
		}
		return target;
	}

	private static @Nullable DataSource next(DataSource dataSource) {
		if (dataSource instanceof DelegatingDataSource delegating) {
			return delegating.getTargetDataSource();
		}
		if (AopUtils.isAopProxy(dataSource)
				&& AopProxyUtils.getSingletonTarget(dataSource) instanceof DataSource target) {
			return target;
		}
		return unwrap(dataSource);
	}

	/**
	 * {@code AbstractRoutingDataSource} unwraps to itself.
	 */
	private static @Nullable DataSource unwrap(DataSource dataSource) {
		try {
			return dataSource.isWrapperFor(DataSource.class) ? dataSource.unwrap(DataSource.class) : null;
		}
		catch (SQLException | RuntimeException ex) {
			return null;
		}
	}

}
