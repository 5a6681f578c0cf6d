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

package io.github.migrationguard.integration.slices;

import io.github.migrationguard.MigrationGuard;
import io.github.migrationguard.integration.DatabaseConfiguration;
import io.github.migrationguard.testsupport.TestDatabase;
import org.junit.jupiter.api.Test;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.TestContextManager;
import org.springframework.test.context.TestPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for application contexts that tests share, with a web server.
 *
 * @author Migration Guard
 */
class ContextCachingTests {

	@Test
	void pausedContextIsNotMigratedAgain() throws Exception {
		TestContextManager first = new TestContextManager(First.class);
		ApplicationContext context = begin(first);
		assertThat(runs(context)).isOne();
		end(first);
		TestContextManager other = new TestContextManager(Other.class);
		assertThat(begin(other)).isNotSameAs(context);
		assertThat(context.getBean(Pauseable.class).starts).isOne();
		assertThat(context.getBean(Pauseable.class).running).isFalse();
		end(other);
		TestContextManager second = new TestContextManager(Second.class);
		assertThat(begin(second)).isSameAs(context);
		assertThat(context.getBean(Pauseable.class).starts).isEqualTo(2);
		assertThat(runs(context)).isOne();
		assertThat(context.getBean(MigrationGuard.class).isDone()).isTrue();
		end(second);
	}

	@Test
	void newContextAfterDirtyOneIsMigrated() throws Exception {
		TestContextManager first = new TestContextManager(Dirty.class);
		ApplicationContext context = begin(first);
		TestDatabase database = context.getBean(TestDatabase.class);
		end(first);
		TestContextManager second = new TestContextManager(Dirty.class);
		ApplicationContext anew = begin(second);
		assertThat(anew).isNotSameAs(context);
		assertThat(anew.getBean(TestDatabase.class)).isNotSameAs(database);
		assertThat(runs(anew)).isOne();
		end(second);
	}

	private static ApplicationContext begin(TestContextManager test) throws Exception {
		test.beforeTestClass();
		test.prepareTestInstance(test.getTestContext().getTestClass().getDeclaredConstructor().newInstance());
		return test.getTestContext().getApplicationContext();
	}

	private static void end(TestContextManager test) throws Exception {
		test.afterTestClass();
	}

	private static int runs(ApplicationContext context) {
		return context.getBean(TestDatabase.class)
			.client()
			.sql("select count(*) from run")
			.query(Integer.class)
			.single();
	}

	@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
	@Import({ DatabaseConfiguration.class, PauseableConfiguration.class })
	@TestPropertySource("/slices.properties")
	static class Cached {

	}

	static class First extends Cached {

	}

	static class Second extends Cached {

	}

	@TestPropertySource(properties = "spring.application.name=other")
	static class Other extends Cached {

	}

	@DirtiesContext
	@TestPropertySource(properties = "spring.application.name=dirty")
	static class Dirty extends Cached {

	}

	@TestConfiguration(proxyBeanMethods = false)
	static class PauseableConfiguration {

		@Bean
		Pauseable pauseable() {
			return new Pauseable();
		}

	}

	/**
	 * Counts how often the context was started.
	 */
	static class Pauseable implements SmartLifecycle {

		private int starts;

		private boolean running;

		@Override
		public void start() {
			this.starts++;
			this.running = true;
		}

		@Override
		public void stop() {
			this.running = false;
		}

		@Override
		public boolean isRunning() {
			return this.running;
		}

	}

}
