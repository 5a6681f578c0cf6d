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

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.util.Objects;

import javax.sql.DataSource;

import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.Advisor;
import org.springframework.aop.ProxyMethodInvocation;
import org.springframework.aop.framework.Advised;
import org.springframework.aop.framework.AopConfigException;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.aop.support.AopUtils;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.aop.support.NameMatchMethodPointcut;
import org.springframework.jdbc.datasource.SmartDataSource;
import org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * Makes the connections of any {@link DataSource} notice their first statement, by a
 * proxy that keeps the class of the data source where that can be subclassed.
 *
 * @author Migration Guard
 */
final class FirstStatementInterceptor implements MethodInterceptor {

	private static final String[] METHODS = { "getConnection", "getPooledConnection", "getXAConnection",
			"createConnectionBuilder", "createPooledConnectionBuilder", "createXAConnectionBuilder", "shouldClose" };

	private final FirstStatement firstStatement;

	private final DataSource dataSource;

	/**
	 * Whether the proxy has the fields that its target has after the first connection:
	 * some read them instead of asking.
	 */
	private volatile boolean started;

	private FirstStatementInterceptor(FirstStatement firstStatement, DataSource dataSource) {
		this.firstStatement = firstStatement;
		this.dataSource = dataSource;
	}

	static DataSource proxy(FirstStatement firstStatement, DataSource dataSource, @Nullable ClassLoader classLoader) {
		ProxyFactory factory = new ProxyFactory();
		factory.setTarget(dataSource);
		factory.setInterfaces(ClassUtils.getAllInterfacesForClass(dataSource.getClass(), classLoader));
		NameMatchMethodPointcut pointcut = new NameMatchMethodPointcut();
		pointcut.setMappedNames(METHODS);
		factory.addAdvisor(
				new DefaultPointcutAdvisor(pointcut, new FirstStatementInterceptor(firstStatement, dataSource)));
		factory.setProxyTargetClass(!isFinal(dataSource.getClass()));
		Object proxy;
		try {
			proxy = factory.getProxy(classLoader);
		}
		catch (AopConfigException ex) {
			factory.setProxyTargetClass(false);
			proxy = factory.getProxy(classLoader);
		}
		copyFields(dataSource, proxy);
		return (DataSource) proxy;
	}

	private static boolean isFinal(Class<?> type) {
		return Modifier.isFinal(type.getModifiers()) || type.isHidden() || Proxy.isProxyClass(type);
	}

	private static void copyFields(Object source, Object proxy) {
		if (source.getClass().isInstance(proxy)) {
			try {
				ReflectionUtils.shallowCopyFieldState(source, proxy);
			}
			catch (RuntimeException ex) {
				// A field that is closed to us is closed to others as well
			}
		}
	}

	static boolean isProxy(Object bean, FirstStatement firstStatement) {
		if (bean instanceof Advised advised) {
			for (Advisor advisor : advised.getAdvisors()) {
				if (advisor.getAdvice() instanceof FirstStatementInterceptor interceptor) {
					return interceptor.firstStatement == firstStatement;
				}
			}
		}
		return false;
	}

	@Override
	public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
		if (this.firstStatement.isOver() && this.started) {
			return invocation.proceed();
		}
		Method method = invocation.getMethod();
		if (method.getName().equals("shouldClose")) {
			return proceed(method, FirstStatementConnection.target(invocation.getArguments()[0]));
		}
		if (method.getReturnType() != Connection.class && this.firstStatement.isAwaited()) {
			this.firstStatement.await();
		}
		Object result = (method.getReturnType() == Connection.class)
				? this.firstStatement.connect(() -> connect(method, invocation.getArguments()))
				: proceed(method, invocation.getArguments());
		if (!this.started && invocation instanceof ProxyMethodInvocation proxied) {
			copyFields(this.dataSource, proxied.getProxy());
			this.started = true;
		}
		return (result instanceof Connection connection) ? FirstStatementConnection.guard(this.firstStatement,
				connection, source(method, invocation.getArguments())) : result;
	}

	/**
	 * One that always gives the same connection needs it back no sooner than others do,
	 * and one that chooses may choose another one.
	 */
	private FirstStatementConnection.@Nullable ConnectionSource source(Method method, Object[] arguments) {
		boolean kept = this.dataSource instanceof SmartDataSource
				|| this.dataSource instanceof AbstractRoutingDataSource;
		return kept ? null : () -> connect(method, arguments);
	}

	private Connection connect(Method method, Object[] arguments) throws Throwable {
		return (Connection) Objects.requireNonNull(proceed(method, arguments));
	}

	private @Nullable Object proceed(Method method, @Nullable Object... arguments) throws Throwable {
		return AopUtils.invokeJoinpointUsingReflection(this.dataSource, method, arguments);
	}

}
