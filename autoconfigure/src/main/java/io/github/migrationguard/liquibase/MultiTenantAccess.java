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

package io.github.migrationguard.liquibase;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import javax.naming.Context;
import javax.naming.InitialContext;
import javax.naming.NameClassPair;
import javax.naming.NamingEnumeration;
import javax.naming.NamingException;
import javax.sql.DataSource;

import liquibase.integration.spring.MultiTenantSpringLiquibase;
import liquibase.integration.spring.SpringLiquibase;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;
import org.springframework.util.ReflectionUtils;
import org.springframework.util.StringUtils;

/**
 * What {@link MultiTenantSpringLiquibase} keeps to itself: its tenants, each made with
 * the configuration of the bean.
 *
 * @author Migration Guard
 */
class MultiTenantAccess {

	private static final String DEFAULT = "default";

	private final MultiTenantSpringLiquibase bean;

	MultiTenantAccess(MultiTenantSpringLiquibase bean) {
		this.bean = bean;
	}

	/**
	 * Return whether the bean does something of its own besides to migrate its tenants.
	 */
	boolean overridesRun() {
		Method method = ReflectionUtils.findMethod(this.bean.getClass(), "afterPropertiesSet");
		return method == null || method.getDeclaringClass() != MultiTenantSpringLiquibase.class;
	}

	/**
	 * Return whether the bean is configured completely. It says itself what is missing.
	 */
	boolean isComplete() {
		return this.bean.getDataSource() != null || (this.bean.getSchemas() == null && this.bean.getJndiBase() != null);
	}

	/**
	 * Return the tenants in the order in which the bean migrates them.
	 */
	List<Tenant> tenants() throws NamingException {
		return (this.bean.getDataSource() != null) ? schemas(this.bean.getDataSource())
				: dataSources(this.bean.getJndiBase());
	}

	private List<Tenant> schemas(DataSource dataSource) {
		List<Tenant> tenants = new ArrayList<>();
		for (String schema : schemas()) {
			SpringLiquibase liquibase = create(dataSource);
			liquibase.setDefaultSchema(schema);
			tenants.add(new Tenant(StringUtils.hasText(schema) ? schema : DEFAULT, liquibase));
		}
		return tenants;
	}

	private Set<@Nullable String> schemas() {
		Set<@Nullable String> schemas = new LinkedHashSet<>();
		if (this.bean.getSchemas() == null || this.bean.getSchemas().isEmpty()) {
			schemas.add(this.bean.getDefaultSchema());
		}
		else {
			this.bean.getSchemas().forEach((schema) -> schemas.add(DEFAULT.equals(schema) ? null : schema));
		}
		return schemas;
	}

	private List<Tenant> dataSources(String base) throws NamingException {
		List<Tenant> tenants = new ArrayList<>();
		Context context = new InitialContext();
		NamingEnumeration<NameClassPair> entries = context.list(base);
		while (entries.hasMore()) {
			NameClassPair entry = entries.next();
			String name = entry.isRelative() ? base + "/" + entry.getName() : entry.getName();
			if (context.lookup(name) instanceof DataSource dataSource) {
				tenants.add(new Tenant(entry.getName(), create(dataSource)));
			}
		}
		return tenants;
	}

	/**
	 * Create what migrates one tenant, without a schema of its own yet.
	 */
	SpringLiquibase create(DataSource dataSource) {
		Method factory = ReflectionUtils.findMethod(MultiTenantSpringLiquibase.class, "getSpringLiquibase",
				DataSource.class);
		Assert.state(factory != null,
				"This version of Liquibase makes the SpringLiquibase of a tenant in another way:"
						+ " MultiTenantSpringLiquibase has no method 'getSpringLiquibase(DataSource)'."
						+ " Set migration-guard.enabled=false to run it unguarded");
		ReflectionUtils.makeAccessible(factory);
		Object liquibase = ReflectionUtils.invokeMethod(factory, this.bean, dataSource);
		Assert.state(liquibase != null, "No SpringLiquibase for a tenant");
		return (SpringLiquibase) liquibase;
	}

	/**
	 * One tenant.
	 *
	 * @param name the name of its schema or data source
	 * @param liquibase what migrates it
	 */
	record Tenant(String name, SpringLiquibase liquibase) {

	}

}
