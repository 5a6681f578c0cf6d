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

package io.github.migrationguard.testsupport;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Gives a test a {@link TestDatabase} of its own, and {@link Replicas} of a service on
 * it. What is injected into a test method lives as long as that test; what is injected
 * into a {@code @BeforeAll} method is shared by all tests of the class.
 *
 * @author Migration Guard
 */
public class PostgresExtension implements ParameterResolver {

	private static final Namespace NAMESPACE = Namespace.create(PostgresExtension.class);

	@Override
	public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
		Class<?> type = parameter.getParameter().getType();
		return type == TestDatabase.class || type == Replicas.class;
	}

	@Override
	public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
		Resources resources = context.getStore(NAMESPACE)
			.computeIfAbsent(Resources.class, (type) -> new Resources(directory(context), isWarm(context)),
					Resources.class);
		return (parameter.getParameter().getType() == TestDatabase.class) ? resources.database : resources.replicas;
	}

	private static boolean isWarm(ExtensionContext context) {
		return AnnotationSupport.isAnnotated(context.getRequiredTestClass(), WarmReplicas.class);
	}

	private static List<String> directory(ExtensionContext context) {
		List<String> directory = new ArrayList<>();
		directory.add(context.getRequiredTestClass().getSimpleName());
		context.getTestMethod().map(Method::getName).ifPresent(directory::add);
		return directory;
	}

	/**
	 * What is given back when the test, or the class, is over.
	 */
	private static final class Resources implements AutoCloseable {

		private final TestDatabase database = PostgresServer.get().createDatabase();

		private final Replicas replicas;

		private Resources(List<String> directory, boolean warm) {
			this.replicas = new Replicas(this.database, directory, warm);
		}

		@Override
		public void close() {
			this.replicas.close();
			this.database.drop();
		}

	}

}
