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

package io.github.migrationguard.sample;

import java.util.Arrays;

import io.github.migrationguard.sample.demo.Demo;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * A small orders service. With {@code demo} as its first argument it starts several
 * replicas of itself instead and shows how they migrate their database.
 *
 * @author Migration Guard
 */
@SpringBootApplication
public class OrdersApplication {

	public static void main(String[] args) {
		if (args.length > 0 && "demo".equals(args[0])) {
			System.exit(Demo.run(Arrays.copyOfRange(args, 1, args.length)));
		}
		SpringApplication.run(OrdersApplication.class, args);
	}

}
