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

import java.lang.StackWalker.Option;
import java.lang.StackWalker.StackFrame;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.stream.Stream;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.util.ClassUtils;

/**
 * Names the beans of an application that run a migration tool by themselves. The
 * extensions of the tools ask about every run in the JVM; a run belongs to the
 * application one of whose beans is on the stack. It goes on in any case.
 *
 * @author Migration Guard
 * @since 0.1.0
 */
public final class UnguardedRuns implements BeanFactoryPostProcessor, DisposableBean {

	/**
	 * Why a bean of a parent context is not guarded.
	 */
	public static final String IN_PARENT = "it is in a parent context, which has no guard";

	private static final Log logger = LogFactory.getLog(UnguardedRuns.class);

	private static final List<UnguardedRuns> APPLICATIONS = new CopyOnWriteArrayList<>();

	private static final StackWalker STACK = StackWalker.getInstance(Option.RETAIN_CLASS_REFERENCE);

	private static final List<String> OTHERS = List.of("java.", "javax.", "jdk.", "sun.", "liquibase.", "org.flywaydb.",
			"org.springframework.");

	/**
	 * Callers that are no beans, each of which is told of once.
	 */
	private static final Set<String> UNKNOWN = ConcurrentHashMap.newKeySet();

	private final ObjectProvider<MigrationGuard> guard;

	private final Set<String> reported = ConcurrentHashMap.newKeySet();

	private volatile @Nullable ConfigurableListableBeanFactory beanFactory;

	/**
	 * Create an observer for one application.
	 * @param guard the guard that shows the runs
	 */
	public UnguardedRuns(ObjectProvider<MigrationGuard> guard) {
		this.guard = guard;
	}

	@Override
	public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
		this.beanFactory = beanFactory;
		APPLICATIONS.add(this);
	}

	@Override
	public void destroy() {
		APPLICATIONS.remove(this);
	}

	/**
	 * Tell of a call of a tool, which may be part of a guarded run. Never fails.
	 * @param tool the name of the tool
	 * @param run whether the tool migrates, told from the stack
	 */
	public static void noticed(String tool, Predicate<List<StackFrame>> run) {
		if (APPLICATIONS.isEmpty()) {
			return;
		}
		List<StackFrame> stack = STACK.walk(Stream::toList);
		if (run.test(stack) && stack.stream().noneMatch(UnguardedRuns::isGuarded)) {
			List<StackFrame> callers = stack.stream().filter(UnguardedRuns::isCaller).toList();
			boolean found = APPLICATIONS.stream().filter((application) -> application.find(tool, callers)).count() > 0;
			if (!found && !callers.isEmpty() && UNKNOWN.add(tool + " " + callers.get(0).getClassName())) {
				logger.warn(
						"A run of %s is not guarded: it is called by %s, which is no bean. Other instances may migrate at the same time"
							.formatted(tool, describe(callers.get(0))));
			}
		}
	}

	private static boolean isGuarded(StackFrame frame) {
		return frame.getDeclaringClass() == MigrationRun.class;
	}

	private static boolean isCaller(StackFrame frame) {
		return OTHERS.stream().noneMatch(frame.getClassName()::startsWith)
				&& frame.getDeclaringClass().getProtectionDomain() != UnguardedRuns.class.getProtectionDomain();
	}

	private static String describe(StackFrame caller) {
		return ClassUtils.getUserClass(caller.getDeclaringClass()).getName() + "." + caller.getMethodName();
	}

	private boolean find(String tool, List<StackFrame> callers) {
		try {
			for (StackFrame caller : callers) {
				String bean = findBean(caller);
				if (bean != null) {
					report(bean, tool, "%s runs %s by itself".formatted(describe(caller), tool));
					return true;
				}
			}
		}
		catch (RuntimeException ex) {
			logger.debug("Whose run of %s is not guarded could not be found out".formatted(tool), ex);
		}
		return false;
	}

	/**
	 * Show, and warn of, a bean that runs a tool without being guarded.
	 * @param bean the name of the bean
	 * @param tool the name of the tool
	 * @param reason why it is not guarded
	 */
	public void report(String bean, String tool, String reason) {
		if (this.reported.add(tool + " " + bean)) {
			logger.warn("Migration '%s' is not guarded: %s. Other instances may migrate at the same time"
				.formatted(bean, reason));
			this.guard.getObject().reportUnguarded(bean, tool, reason);
		}
	}

	/**
	 * Show, and warn of, a bean in which something cannot be found that has to be read.
	 * @param bean the name of the bean
	 * @param tool the name of the tool
	 * @param failure what was not found
	 */
	public void reportUnknownVersion(String bean, String tool, LinkageError failure) {
		report(bean, tool, "this version of %s is not known (%s)".formatted(tool,
				NestedExceptionUtils.getMostSpecificCause(failure).getMessage()));
	}

	/**
	 * Return the beans of a type in parent contexts in which no guard is: they were
	 * created, and have migrated, before this application heard of them.
	 * @param <T> the type of the beans
	 * @param type the type of the beans
	 * @return the beans by their names
	 */
	public <T> Map<String, T> findInParents(Class<T> type) {
		ConfigurableListableBeanFactory beanFactory = this.beanFactory;
		return (beanFactory != null && beanFactory.getParentBeanFactory() instanceof ListableBeanFactory parent
				&& BeanFactoryUtils.beanNamesForTypeIncludingAncestors(parent, MigrationGuard.class).length == 0)
						? BeanFactoryUtils.beansOfTypeIncludingAncestors(parent, type, false, false) : Map.of();
	}

	private @Nullable String findBean(StackFrame caller) {
		ConfigurableListableBeanFactory beanFactory = this.beanFactory;
		Class<?> type = ClassUtils.getUserClass(caller.getDeclaringClass());
		if (beanFactory == null) {
			return null;
		}
		for (String name : beanFactory.getBeanDefinitionNames()) {
			if (beanFactory.isCurrentlyInCreation(name)
					&& isFactoryMethod(beanFactory.getMergedBeanDefinition(name), caller, type)) {
				return name;
			}
		}
		String[] names = beanFactory.getBeanNamesForType(type, true, false);
		return (names.length > 0) ? names[0] : null;
	}

	private static boolean isFactoryMethod(BeanDefinition definition, StackFrame caller, Class<?> type) {
		return definition instanceof RootBeanDefinition bean && bean.getResolvedFactoryMethod() != null
				&& bean.getResolvedFactoryMethod().getDeclaringClass() == type
				&& bean.getResolvedFactoryMethod().getName().equals(caller.getMethodName());
	}

}
