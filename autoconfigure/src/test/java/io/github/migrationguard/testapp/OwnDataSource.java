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

package io.github.migrationguard.testapp;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * A data source that the service defines itself, with properties of its own.
 *
 * @author Migration Guard
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnBooleanProperty("own-data-source.enabled")
class OwnDataSource {

	@Bean
	DataSource dataSource(@Value("${own-data-source.url}") String url,
			@Value("${own-data-source.username}") String username,
			@Value("${own-data-source.password}") String password) {
		HikariDataSource dataSource = new HikariDataSource();
		dataSource.setPoolName("own");
		dataSource.setJdbcUrl(url);
		dataSource.setUsername(username);
		dataSource.setPassword(password);
		return dataSource;
	}

}
