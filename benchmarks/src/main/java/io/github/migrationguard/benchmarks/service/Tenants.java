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

import java.util.List;

import javax.sql.DataSource;

import liquibase.integration.spring.MultiTenantSpringLiquibase;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Liquibase for a schema of each tenant.
 *
 * @author Migration Guard
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(name = "liquibase.integration.spring.MultiTenantSpringLiquibase")
@ConditionalOnProperty("service.tenants")
class Tenants {

	@Bean
	MultiTenantSpringLiquibase liquibaseOfTenants(DataSource dataSource,
			@Value("${service.tenants}") List<String> schemas,
			@Value("${spring.liquibase.change-log}") String changeLog) {
		MultiTenantSpringLiquibase tenants = new MultiTenantSpringLiquibase();
		tenants.setDataSource(dataSource);
		tenants.setSchemas(schemas);
		tenants.setChangeLog(changeLog);
		return tenants;
	}

}
