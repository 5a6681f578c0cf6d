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

import com.sun.net.httpserver.HttpServer;
import io.github.migrationguard.MigrationGuard;
import io.github.migrationguard.autoconfigure.MigrationGuardAutoConfiguration;
import io.github.migrationguard.autoconfigure.MigrationGuardProperties;
import io.github.migrationguard.autoconfigure.MigrationGuardProperties.EarlyProbeProperties.Enabled;
import io.github.migrationguard.gate.EarlyProbe;
import io.github.migrationguard.gate.MigrationStarter;
import io.github.migrationguard.startup.HealthOverHttp;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} that answers health probes while
 * migrations run before the web server is started.
 *
 * @author Migration Guard
 * @since 0.1.0
 */
@AutoConfiguration(after = MigrationGuardAutoConfiguration.class)
@ConditionalOnWebApplication
@ConditionalOnClass({ HttpServer.class, WebServerApplicationContext.class })
@ConditionalOnBean(MigrationStarter.class)
public final class EarlyProbeAutoConfiguration {

	@Bean(name = EarlyProbeServer.BEAN_NAME)
	@ConditionalOnMissingBean(EarlyProbe.class)
	EarlyProbeServer migrationEarlyProbe(ConfigurableApplicationContext applicationContext, MigrationGuard guard,
			MigrationGuardProperties properties) {
		Enabled enabled = properties.getStartup().getEarlyProbe().getEnabled();
		boolean unknown = enabled == Enabled.AUTO && !HealthOverHttp.isAvailable(applicationContext);
		return new EarlyProbeServer(applicationContext, guard, unknown ? Enabled.FALSE : enabled);
	}

}
