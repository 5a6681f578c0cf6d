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

import java.lang.StackWalker.StackFrame;
import java.util.List;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.support.AbstractApplicationContext;
import org.springframework.util.ClassUtils;

/**
 * Tells who sends a statement, from the beans that are being created and from the stack
 * of the calling thread.
 *
 * @author Migration Guard
 */
final class StatementSender {

	private static final String HINT = "to start the web server first, send it later, for example in an ApplicationRunner";

	private static final String HINT_FOR_LIBRARY = "to start the web server first, let a migration do what it does";

	private static final StackWalker WALKER = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

	private static final List<String> LIBRARIES = List.of("java.", "javax.", "jakarta.", "jdk.", "sun.", "com.sun.",
			"org.springframework.", "org.hibernate.", "com.zaxxer.hikari.", "org.apache.", "org.postgresql.",
			"io.micrometer.", "org.jooq.", "org.mybatis.", "org.quartz.", "org.jobrunr.", "com.github.kagkarlsson.",
			"kotlin.", "reactor.");

	private static final List<String> ACTUATOR = List.of("org.springframework.boot.actuate.endpoint.",
			"org.springframework.boot.health.");

	private final ConfigurableListableBeanFactory beanFactory;

	StatementSender(ConfigurableListableBeanFactory beanFactory) {
		this.beanFactory = beanFactory;
	}

	/**
	 * Return whether this thread answers a request for an endpoint or for health, which
	 * have to tell how things are.
	 */
	boolean isActuator() {
		return WALKER.walk((frames) -> frames.anyMatch((frame) -> startsWithAny(frame.getClassName(), ACTUATOR)));
	}

	/**
	 * Return who sends a statement, as a sentence.
	 */
	String describe() {
		List<StackFrame> stack = stack();
		List<Creation> creations = creations();
		Creation nearest = nearest(stack, creations);
		String place = place(stack, nearest);
		if (nearest != null) {
			return "the bean '%s' sends a statement while it is created (%s)".formatted(nearest.beanName(), place);
		}
		String thread = Thread.currentThread().getName();
		if (!creations.isEmpty()) {
			return "the thread '%s' sends a statement (%s) while the bean '%s' is created".formatted(thread, place,
					creations.get(0).beanName());
		}
		return "the thread '%s' sends a statement (%s)".formatted(thread, place);
	}

	/**
	 * Return how the gate can be kept: code of the user can be changed.
	 */
	String hint() {
		return stack().stream().allMatch((frame) -> startsWithAny(frame.getClassName(), LIBRARIES)) ? HINT_FOR_LIBRARY
				: HINT;
	}

	/**
	 * The stack without what this library and proxies add to it, and without who starts
	 * the application.
	 */
	private static List<StackFrame> stack() {
		String own = ClassUtils.getPackageName(StatementSender.class) + ".";
		return WALKER.walk((frames) -> frames
			.dropWhile((frame) -> frame.getClassName().startsWith(own) || frame.getClassName().startsWith("jdk.proxy")
					|| frame.getClassName().startsWith("java."))
			.takeWhile((frame) -> frame.getDeclaringClass() != AbstractApplicationContext.class
					|| !frame.getMethodName().equals("refresh"))
			.toList());
	}

	private List<Creation> creations() {
		return Stream.of(this.beanFactory.getBeanDefinitionNames())
			.filter(this.beanFactory::isCurrentlyInCreation)
			.map(this::creation)
			.toList();
	}

	private Creation creation(String beanName) {
		String name = this.beanFactory.isFactoryBean(beanName) ? BeanFactory.FACTORY_BEAN_PREFIX + beanName : beanName;
		RootBeanDefinition definition = (this.beanFactory
			.getMergedBeanDefinition(beanName) instanceof RootBeanDefinition root) ? root : null;
		return new Creation(beanName, this.beanFactory.getType(name, false),
				(definition != null && definition.getResolvedFactoryMethod() != null)
						? definition.getResolvedFactoryMethod().getDeclaringClass() : null,
				(definition != null) ? definition.getFactoryMethodName() : null);
	}

	private static @Nullable Creation nearest(List<StackFrame> stack, List<Creation> creations) {
		for (StackFrame frame : stack) {
			for (Creation creation : creations) {
				if (creation.contains(frame)) {
					return creation;
				}
			}
		}
		return null;
	}

	/**
	 * The nearest code of the user, else the code of the bean.
	 */
	private static String place(List<StackFrame> stack, @Nullable Creation creation) {
		StackFrame place = stack.stream()
			.filter((frame) -> !startsWithAny(frame.getClassName(), LIBRARIES))
			.findFirst()
			.orElseGet(() -> stack.stream()
				.filter((frame) -> creation == null || creation.contains(frame))
				.findFirst()
				.orElse(null));
		return (place != null) ? "%s.%s"
			.formatted(ClassUtils.getShortName(place.getDeclaringClass()).replace("$$", "."), place.getMethodName())
				: "unknown";
	}

	private static boolean startsWithAny(String className, List<String> prefixes) {
		return prefixes.stream().anyMatch(className::startsWith);
	}

	/**
	 * A bean that is being created.
	 */
	private record Creation(String beanName, @Nullable Class<?> type, @Nullable Class<?> factory,
			@Nullable String factoryMethod) {

		boolean contains(StackFrame frame) {
			Class<?> declaring = frame.getDeclaringClass();
			if (this.factory != null && this.factory.isAssignableFrom(ClassUtils.getUserClass(declaring))
					&& frame.getMethodName().equals(this.factoryMethod)) {
				return true;
			}
			return this.type != null && declaring != Object.class && declaring.isAssignableFrom(this.type);
		}

	}

}
