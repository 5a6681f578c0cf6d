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

package io.github.migrationguard.benchmarks;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.Blackhole;

import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

/**
 * Measures what the gate costs a request, once the migrations are complete.
 *
 * @author Migration Guard
 */
@State(Scope.Benchmark)
public class GateFilterBenchmark {

	private final Trial trial = new Trial(Engine.GUARDED_LIQUIBASE, "gate");

	private final MockHttpServletRequest request = new MockHttpServletRequest("GET", "/hello");

	private final MockHttpServletResponse response = new MockHttpServletResponse();

	private Filter filter;

	/**
	 * Migrate.
	 * @throws Exception if that fails
	 */
	@Setup
	public void migrate() throws Exception {
		this.filter = GuardedContext.take(this.trial,
				(context) -> context.getBean("migrationGateFilter", FilterRegistrationBean.class).getFilter());
	}

	/**
	 * Pass the gate.
	 * @param blackhole what is behind it
	 * @throws Exception if that fails
	 */
	@Benchmark
	public void open(Blackhole blackhole) throws Exception {
		FilterChain chain = (request, response) -> blackhole.consume(request);
		this.filter.doFilter(this.request, this.response, chain);
	}

	/**
	 * Drop the database.
	 */
	@TearDown
	public void close() {
		this.trial.close();
	}

}
