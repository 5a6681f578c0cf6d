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

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.util.ClassUtils;

/**
 * Looks for beans of classes that need not be there.
 *
 * @author Migration Guard
 */
final class BeanTypes {

	private BeanTypes() {
	}

	static boolean isAnyDefined(ConfigurableListableBeanFactory beanFactory, String... classNames) {
		return !names(beanFactory, classNames).isEmpty();
	}

	static Set<String> names(ConfigurableListableBeanFactory beanFactory, String... classNames) {
		ClassLoader classLoader = beanFactory.getBeanClassLoader();
		Set<String> names = new LinkedHashSet<>();
		for (String className : classNames) {
			if (ClassUtils.isPresent(className, classLoader)) {
				Class<?> type = ClassUtils.resolveClassName(className, classLoader);
				names.addAll(List.of(beanFactory.getBeanNamesForType(type, true, false)));
			}
		}
		return names;
	}

}
