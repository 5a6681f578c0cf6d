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

package io.github.migrationguard.web;

import io.github.migrationguard.MigrationGuard;
import io.github.migrationguard.autoconfigure.MigrationGuardAutoConfiguration;
import io.github.migrationguard.gate.MigrationGate;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType;
import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoints;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletPath;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * {@link EnableAutoConfiguration Auto-configuration} that holds the requests of a servlet
 * application until the migrations are done.
 *
 * @author Migration Guard
 * @since 0.1.0
 */
@AutoConfiguration(after = MigrationGuardAutoConfiguration.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass(Filter.class)
@ConditionalOnBean(MigrationGate.class)
public final class ServletGateAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(name = "migrationGateFilter")
	FilterRegistrationBean<Filter> migrationGateFilter(MigrationGate gate, MigrationGuard guard,
			ObjectProvider<OpenPaths> openPaths) {
		GateFilter filter = new GateFilter(gate, guard, openPaths.getIfAvailable(() -> OpenPaths.NONE));
		FilterRegistrationBean<Filter> registration = new FilterRegistrationBean<>(filter);
		registration.setOrder(GateOrder.VALUE);
		registration.setDispatcherTypes(DispatcherType.REQUEST);
		return registration;
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ PathMappedEndpoints.class, ManagementPortType.class, DispatcherServletPath.class })
	static class WebMvcActuatorConfiguration {

		@Bean
		ActuatorPaths migrationGateOpenPaths(ObjectProvider<PathMappedEndpoints> endpoints, Environment environment,
				ObjectProvider<DispatcherServletPath> dispatcherServletPath) {
			return new ActuatorPaths(endpoints, environment, (path) -> {
				DispatcherServletPath servletPath = dispatcherServletPath.getIfAvailable();
				return (servletPath != null) ? servletPath.getRelativePath(path) : path;
			});
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ PathMappedEndpoints.class, ManagementPortType.class })
	@ConditionalOnMissingClass("org.springframework.boot.webmvc.autoconfigure.DispatcherServletPath")
	static class ActuatorConfiguration {

		@Bean
		ActuatorPaths migrationGateOpenPaths(ObjectProvider<PathMappedEndpoints> endpoints, Environment environment) {
			return new ActuatorPaths(endpoints, environment, (path) -> path);
		}

	}

}
