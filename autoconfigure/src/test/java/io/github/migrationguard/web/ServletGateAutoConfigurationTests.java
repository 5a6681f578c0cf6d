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

import io.github.migrationguard.autoconfigure.MigrationGuardAutoConfiguration;
import jakarta.servlet.Filter;
import org.junit.jupiter.api.Test;

import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoints;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletPath;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link ServletGateAutoConfiguration}.
 *
 * @author Migration Guard
 */
class ServletGateAutoConfigurationTests {

	private static final AutoConfigurations AUTO_CONFIGURATIONS = AutoConfigurations
		.of(MigrationGuardAutoConfiguration.class, ServletGateAutoConfiguration.class);

	private final WebApplicationContextRunner contextRunner = new WebApplicationContextRunner()
		.withConfiguration(AUTO_CONFIGURATIONS);

	@Test
	void filterComesBeforeSessionAndSecurity() {
		this.contextRunner.run((context) -> {
			FilterRegistrationBean<?> registration = context.getBean(FilterRegistrationBean.class);
			assertThat(registration.getFilter()).isInstanceOf(GateFilter.class);
			assertThat(registration.getOrder()).isEqualTo(Ordered.HIGHEST_PRECEDENCE + 10);
			assertThat(registration.isMatchAfter()).isFalse();
		});
	}

	@Test
	void requestPassesWhenMigrationsAreDone() {
		this.contextRunner.run((context) -> {
			MockFilterChain chain = new MockFilterChain();
			Filter filter = (Filter) context.getBean(FilterRegistrationBean.class).getFilter();
			filter.doFilter(new MockHttpServletRequest(), new MockHttpServletResponse(), chain);
			assertThat(chain.getRequest()).isNotNull();
		});
	}

	@Test
	void everythingIsHeldWithoutActuator() {
		this.contextRunner.withClassLoader(new FilteredClassLoader(PathMappedEndpoints.class)).run((context) -> {
			assertThat(context).hasBean("migrationGateFilter");
			assertThat(context).doesNotHaveBean(OpenPaths.class);
		});
	}

	@Test
	void actuatorIsServedWithAndWithoutDispatcherServlet() {
		this.contextRunner.run((context) -> assertThat(context).hasSingleBean(ActuatorPaths.class));
		this.contextRunner.withClassLoader(new FilteredClassLoader(DispatcherServletPath.class))
			.run((context) -> assertThat(context).hasSingleBean(ActuatorPaths.class));
	}

	@Test
	void backsOffWithoutGuard() {
		this.contextRunner.withPropertyValues("migration-guard.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean("migrationGateFilter"));
	}

	@Test
	void backsOffOutsideServletApplications() {
		new ApplicationContextRunner().withConfiguration(AUTO_CONFIGURATIONS)
			.run((context) -> assertThat(context).doesNotHaveBean("migrationGateFilter"));
		new ReactiveWebApplicationContextRunner().withConfiguration(AUTO_CONFIGURATIONS)
			.run((context) -> assertThat(context).doesNotHaveBean("migrationGateFilter"));
	}

	@Test
	void backsOffIfUserHasFilterOfItsName() {
		this.contextRunner.withUserConfiguration(UserConfiguration.class)
			.run((context) -> assertThat(context.getBean("migrationGateFilter"))
				.isNotInstanceOf(FilterRegistrationBean.class));
	}

	@Configuration(proxyBeanMethods = false)
	static class UserConfiguration {

		@Bean
		Filter migrationGateFilter() {
			return mock(Filter.class);
		}

	}

}
