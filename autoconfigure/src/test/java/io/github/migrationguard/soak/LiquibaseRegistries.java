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

package io.github.migrationguard.soak;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

import liquibase.Scope;
import liquibase.SingletonObject;
import liquibase.lockservice.LockServiceFactory;

import org.springframework.util.ReflectionUtils;

/**
 * How much Liquibase keeps for the whole JVM: in every map and collection of every
 * singleton.
 *
 * @author Migration Guard
 */
final class LiquibaseRegistries {

	private static final Field VALUES = field(Scope.class, "values");

	private LiquibaseRegistries() {
	}

	/**
	 * Return the sizes.
	 * @return how many entries there are, by singleton and field
	 */
	static Map<String, Integer> sizes() {
		Map<String, Integer> sizes = new TreeMap<>();
		Scope scope = Scope.getCurrentScope();
		while (scope.getParent() != null) {
			scope = scope.getParent();
		}
		Map<?, ?> values = (Map<?, ?>) ReflectionUtils.getField(VALUES, scope);
		sizes.put("values of the root scope", values.size());
		values.values()
			.stream()
			.filter(SingletonObject.class::isInstance)
			.forEach((singleton) -> addSizes(singleton, sizes));
		addSizes(LockServiceFactory.getInstance(), sizes);
		return sizes;
	}

	private static void addSizes(Object singleton, Map<String, Integer> sizes) {
		ReflectionUtils.doWithFields(singleton.getClass(), (field) -> {
			String name = singleton.getClass().getSimpleName() + "." + field.getName();
			field.setAccessible(true);
			Object value = field.get(Modifier.isStatic(field.getModifiers()) ? null : singleton);
			if (value instanceof Map<?, ?> map) {
				sizes.put(name, map.size());
			}
			else if (value instanceof Collection<?> collection) {
				sizes.put(name, collection.size());
			}
		}, (field) -> Map.class.isAssignableFrom(field.getType())
				|| Collection.class.isAssignableFrom(field.getType()));
	}

	private static Field field(Class<?> type, String name) {
		Field field = ReflectionUtils.findField(type, name);
		field.setAccessible(true);
		return field;
	}

}
