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

package io.github.migrationguard.benchmarks.service;

import java.time.Instant;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.event.EventListener;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Small service with Spring MVC and Actuator. Which engine migrates its database is
 * decided by the class path. It logs the moment from which it accepts traffic.
 *
 * @author Migration Guard
 */
@SpringBootApplication(proxyBeanMethods = false)
@RestController
public class BenchmarkService {

	private static final Log logger = LogFactory.getLog(BenchmarkService.class);

	public static void main(String[] args) {
		exitWithParent();
		SpringApplication.run(BenchmarkService.class, args);
	}

	@GetMapping("/hello")
	String hello() {
		return "Hello";
	}

	@EventListener
	void logReadiness(AvailabilityChangeEvent<ReadinessState> event) {
		if (event.getState() == ReadinessState.ACCEPTING_TRAFFIC) {
			logger.info("Ready at %s".formatted(Instant.now()));
		}
	}

	/**
	 * A program that is killed has no chance to stop its replicas.
	 */
	private static void exitWithParent() {
		ProcessHandle.current()
			.parent()
			.ifPresent((parent) -> parent.onExit().thenRun(() -> Runtime.getRuntime().halt(1)));
	}

}
