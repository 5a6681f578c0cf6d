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

package io.github.migrationguard.startup;

import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

import javax.naming.Context;
import javax.naming.spi.InitialContextFactory;
import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.github.migrationguard.MigrationGuard;
import io.github.migrationguard.MigrationState;
import io.github.migrationguard.autoconfigure.MigrationGuardAutoConfiguration;
import io.github.migrationguard.liquibase.LiquibaseGuardAutoConfiguration;
import io.github.migrationguard.testsupport.Changelog;
import io.github.migrationguard.testsupport.DataSourceKind;
import io.github.migrationguard.testsupport.DataSourceKind.OpenDataSource;
import io.github.migrationguard.testsupport.EmbeddedPostgresTest;
import io.github.migrationguard.testsupport.TestDatabase;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.BeanDefinitionHolder;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.DataSourceUnwrapper;
import org.springframework.boot.jdbc.HikariCheckpointRestoreLifecycle;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JndiDataSourceAutoConfiguration;
import org.springframework.boot.jdbc.metadata.HikariDataSourcePoolMetadata;
import org.springframework.boot.liquibase.autoconfigure.LiquibaseAutoConfiguration;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.event.ContextRefreshedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.context.support.SimpleThreadScope;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.AbstractDataSource;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DataSourcePostProcessor}: the first statement is noticed over every
 * kind of data source, and afterwards the data source is what it was.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
class DataSourcePostProcessorTests {

	private static final List<String> MIGRATED = List.of("old", "new");

	@TempDir
	private Path directory;

	private TestDatabase database;

	private String role;

	@BeforeEach
	void prepare(TestDatabase database) {
		this.database = database;
		this.role = database.createRole("schema_owner", "login");
		database.superuser().sql("grant %s to %s".formatted(this.role, database.username())).update();
		database.superuser().sql("grant create, usage on schema public to " + this.role).update();
		database.superuser().sql("create table flags (name text)").update();
		database.superuser().sql("insert into flags values ('old')").update();
		database.superuser().sql("alter table flags owner to " + this.role).update();
		Changelog.empty().changeSet("new", "insert into flags values ('new')").writeTo(this.directory);
	}

	private ApplicationContextRunner application() {
		return new ApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(JdbcTemplateAutoConfiguration.class, LiquibaseAutoConfiguration.class,
							MigrationGuardAutoConfiguration.class, LiquibaseGuardAutoConfiguration.class))
			.withPropertyValues("spring.liquibase.change-log=file:" + this.directory.resolve("changelog.sql"))
			.withBean(StartupPlan.class, () -> new StartupPlan(StartupMode.AUTO, "test"));
	}

	private HikariDataSource pool() {
		return pool(new HikariDataSource());
	}

	private <T extends HikariDataSource> T pool(T pool) {
		pool.setJdbcUrl(this.database.url());
		pool.setUsername(this.database.username());
		pool.setPassword(this.database.password());
		pool.setConnectionInitSql("set role " + this.role);
		pool.setMaximumPoolSize(1);
		pool.setConnectionTimeout(5000);
		return pool;
	}

	private static void assertRead(AssertableApplicationContext context) {
		assertThat(context).hasNotFailed();
		assertThat(context.getBean(Reader.class).names).isEqualTo(MIGRATED);
		assertThat(context.getBean(StartupPlan.class).mode()).isEqualTo(StartupMode.IN_REFRESH);
		assertThat(context.getBean(StartupPlan.class).reason())
			.startsWith("the bean 'reader' sends a statement while it is created");
		assertThat(context.getBean(MigrationGuard.class).getStatus()).singleElement()
			.extracting((status) -> status.state())
			.isEqualTo(MigrationState.COMPLETED);
	}

	private static void assertGate(AssertableApplicationContext context) {
		assertThat(context).hasNotFailed();
		assertThat(context.getBean(StartupPlan.class).mode()).isEqualTo(StartupMode.GATE);
		assertThat(context.getBean(Asking.class).names).isEqualTo(MIGRATED);
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "ROUTING")
	void noticesStatementOverEveryKind(DataSourceKind kind) throws Exception {
		try (OpenDataSource open = kind.open(this.database, this.role)) {
			application().withBean("dataSource", DataSource.class, open::dataSource)
				.withBean("reader", Reader.class)
				.run(DataSourcePostProcessorTests::assertRead);
		}
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "ROUTING")
	void keepsTheGateOverEveryKindIfNothingIsSent(DataSourceKind kind) throws Exception {
		try (OpenDataSource open = kind.open(this.database, this.role)) {
			application().withBean("dataSource", DataSource.class, open::dataSource)
				.withBean(Asking.class)
				.run((context) -> {
					assertGate(context);
					assertThat(open.dataSource().getClass())
						.isAssignableFrom(AopUtils.getTargetClass(context.getBean(DataSource.class)));
				});
		}
	}

	/**
	 * A pool need not undo what was set.
	 */
	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "ROUTING")
	void stateOfConnectionIsThatOfTheApplicationAlone(DataSourceKind kind) throws Exception {
		this.database.superuser().sql("create schema other authorization " + this.role).update();
		try (OpenDataSource open = kind.open(this.database, this.role)) {
			application().withBean("dataSource", DataSource.class, open::dataSource)
				.withBean("reader", StateReader.class)
				.run((context) -> {
					assertThat(context).hasNotFailed();
					assertThat(context.getBean(StateReader.class).names).isEqualTo(MIGRATED);
				});
		}
	}

	@Test
	void routingDataSourceThatChoosesAnotherTargetMeanwhile() {
		HikariDataSource pool = pool();
		HikariDataSource other = pool();
		application().withBean("dataSource", DataSource.class, () -> new FickleRouting(pool, other))
			.withBean("reader", FickleReader.class)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context.getBean(FickleReader.class).names).isEqualTo(MIGRATED);
				assertThat(context.getBean(StartupPlan.class).mode()).isEqualTo(StartupMode.IN_REFRESH);
			});
		pool.close();
		other.close();
	}

	@Test
	void classOfPoolIsKept() {
		HikariDataSource pool = pool();
		application().withBean("dataSource", HikariDataSource.class, () -> pool)
			.withBean("reader", Reader.class)
			.withBean(PoolUser.class)
			.run((context) -> {
				assertRead(context);
				HikariDataSource bean = context.getBean(HikariDataSource.class);
				assertThat(bean.isRunning()).isTrue();
				assertThat(new HikariDataSourcePoolMetadata(bean).getIdle()).isEqualTo(1);
				assertThat(context.getBean(PoolUser.class).pool).isSameAs(bean);
				assertThat(pool.isRunning()).isFalse();
			});
	}

	@Test
	void startedPoolIsGuarded() throws SQLException {
		HikariDataSource pool = pool();
		pool.getConnection().close();
		application().withBean("dataSource", HikariDataSource.class, () -> pool)
			.withBean("reader", Reader.class)
			.withBean(PoolUser.class)
			.run((context) -> {
				assertRead(context);
				HikariDataSource bean = context.getBean(HikariDataSource.class);
				assertThat(new HikariDataSourcePoolMetadata(bean).getIdle()).isEqualTo(1);
			});
		assertThat(pool.isClosed()).isTrue();
	}

	@Test
	void subclassOfPoolIsGuarded() {
		OwnPool pool = pool(new OwnPool());
		application().withBean("dataSource", OwnPool.class, () -> pool)
			.withBean("reader", Reader.class)
			.run((context) -> {
				assertRead(context);
				OwnPool bean = context.getBean(OwnPool.class);
				assertThat(new HikariDataSourcePoolMetadata(DataSourceUnwrapper.unwrap(bean, HikariDataSource.class))
					.getIdle()).isEqualTo(1);
			});
		assertThat(pool.isClosed()).isTrue();
	}

	@Test
	void twoPoolsAreGuarded() {
		application().withBean("first", HikariDataSource.class, this::pool, (definition) -> definition.setPrimary(true))
			.withBean("second", HikariDataSource.class, this::pool)
			.withBean("reader", SecondReader.class)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context.getBean(SecondReader.class).names).isEqualTo(MIGRATED);
				assertThat(context.getBeansOfType(HikariDataSource.class)).hasSize(2);
			});
	}

	@Test
	void routingDataSourceWithTargetsThatAreNoBeans() {
		HikariDataSource pool = pool();
		pool.setMaximumPoolSize(2);
		application().withBean("dataSource", DataSource.class, () -> routing(pool))
			.withBean("reader", Reader.class)
			.run(DataSourcePostProcessorTests::assertRead);
		pool.close();
	}

	@Test
	void routingDataSourceWithTargetsThatAreBeans() {
		application().withBean("target", HikariDataSource.class, this::pool)
			.withBean("dataSource", DataSource.class, () -> new LateRouting(),
					(definition) -> definition.setPrimary(true))
			.withBean("reader", Reader.class)
			.run(DataSourcePostProcessorTests::assertRead);
	}

	@Test
	void productOfFactoryBean() {
		HikariDataSource pool = pool();
		application().withBean("dataSource", PoolFactory.class, () -> new PoolFactory(pool))
			.withBean("reader", Reader.class)
			.run(DataSourcePostProcessorTests::assertRead);
		pool.close();
	}

	@Test
	void dataSourceThatWasThereBeforeMigratesInRefresh() {
		HikariDataSource pool = pool();
		application().withInitializer((context) -> context.getBeanFactory().registerSingleton("dataSource", pool))
			.withBean("reader", Reader.class)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context.getBean(Reader.class).names).isEqualTo(MIGRATED);
				assertThat(context.getBean(StartupPlan.class).reason()).isEqualTo(
						"statements over the data source 'dataSource' cannot be noticed: it was there too early; "
								+ "if no bean sends a statement while it is created, migration-guard.startup.mode=gate starts the web server first");
			});
		pool.close();
	}

	@Test
	void poolThatWasKeptBesideTheBeanMigratesInRefresh() {
		HikariDataSource pool = pool();
		application().withBean("dataSource", HikariDataSource.class, () -> pool)
			.withBean("reader", Reader.class, () -> new Reader(new JdbcTemplate(pool)),
					(definition) -> definition.setDependsOn("jdbcTemplate"))
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context.getBean(Reader.class).names).isEqualTo(MIGRATED);
				assertThat(context.getBean(StartupPlan.class).reason()).isEqualTo(
						"a pool is used beside the bean 'dataSource'; if no bean sends a statement while it is created,"
								+ " migration-guard.startup.mode=gate starts the web server first");
			});
		pool.close();
	}

	@Test
	void beanThatDependsOnTheMigrationsComesAfterThem() {
		application().withBean("dataSource", HikariDataSource.class, this::pool)
			.withBean("scheduler", StringJoiner.class, () -> new StringJoiner(","),
					(definition) -> definition.setDependsOn("liquibase"))
			.run((context) -> assertThat(context.getBean(StartupPlan.class).reason())
				.startsWith("the bean 'scheduler' depends on the migrations"));
	}

	@Test
	void beanOfAutoConfigurationThatDependsOnTheMigrationsKeepsTheGate() {
		application().withBean("dataSource", HikariDataSource.class, this::pool)
			.withConfiguration(AutoConfigurations.of(SchedulerAutoConfiguration.class))
			.run((context) -> {
				assertThat(context).hasBean("scheduler");
				assertThat(context.getBean(StartupPlan.class).reason()).isEqualTo("test");
			});
	}

	@Test
	void dataSourceOfOtherScope() {
		application().withInitializer((context) -> {
			context.getBeanFactory().registerScope("own", new SimpleThreadScope());
			((BeanDefinitionRegistry) context.getBeanFactory()).registerBeanDefinition("dataSource",
					scopedPool(context));
		}).withBean("reader", Reader.class).run(DataSourcePostProcessorTests::assertRead);
	}

	/**
	 * As a refresh scope makes it.
	 */
	private BeanDefinition scopedPool(ConfigurableApplicationContext context) {
		RootBeanDefinition pool = new RootBeanDefinition(HikariDataSource.class, this::pool);
		pool.setScope("own");
		return ScopedProxyUtils
			.createScopedProxy(new BeanDefinitionHolder(pool, "dataSource"),
					(BeanDefinitionRegistry) context.getBeanFactory(), true)
			.getBeanDefinition();
	}

	@Test
	void finalClassMigratesInRefresh() {
		application().withBean("dataSource", FinalDataSource.class, () -> new FinalDataSource(this.database))
			.withPropertyValues("spring.liquibase.default-schema=public")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context.getBean(FinalDataSource.class)).isNotNull();
				assertThat(context.getBean(StartupPlan.class).reason())
					.startsWith("the data source 'dataSource' cannot be replaced, as the class");
			});
	}

	@Test
	void poolThatIsNotToBeClosedStaysOpen() {
		HikariDataSource[] pool = new HikariDataSource[1];
		application()
			.withBean("dataSource", HikariDataSource.class, this::pool,
					(definition) -> ((AbstractBeanDefinition) definition).setDestroyMethodName(""))
			.run((context) -> pool[0] = context.getBean(HikariDataSource.class));
		assertThat(pool[0].isClosed()).isFalse();
		pool[0].close();
	}

	/**
	 * Who closes it has the pool itself.
	 */
	@Test
	void poolThatSomebodyElseClosesIsNotReplaced() {
		HikariDataSource pool = pool();
		application()
			.withBean("dataSource", HikariDataSource.class, () -> pool,
					(definition) -> ((AbstractBeanDefinition) definition).setDestroyMethodName(""))
			.withBean("reader", Reader.class)
			.run((context) -> {
				assertRead(context);
				assertThat(new HikariDataSourcePoolMetadata(context.getBean(HikariDataSource.class)).getIdle())
					.isEqualTo(1);
			});
		assertThat(pool.isRunning()).isTrue();
		pool.close();
	}

	@Test
	void poolOfJndiIsGuardedAndLeftToItsContainer() {
		HikariDataSource pool = pool();
		Jndi.dataSource = pool;
		application().withConfiguration(AutoConfigurations.of(JndiDataSourceAutoConfiguration.class))
			.withSystemProperties(Context.INITIAL_CONTEXT_FACTORY + "=" + Jndi.class.getName())
			.withPropertyValues("spring.datasource.jndi-name=java:comp/env/jdbc/flags")
			.withBean("reader", Reader.class)
			.run(DataSourcePostProcessorTests::assertRead);
		assertThat(pool.isRunning()).isTrue();
		pool.close();
	}

	/**
	 * As before a checkpoint of the virtual machine.
	 */
	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void poolIsStoppedAndStartedAgainAroundCheckpoint(boolean started) throws SQLException {
		HikariDataSource pool = pool();
		pool.setAllowPoolSuspension(true);
		if (started) {
			pool.getConnection().close();
		}
		application().withBean("dataSource", HikariDataSource.class, () -> pool)
			.withBean("reader", Reader.class)
			.run((context) -> {
				assertRead(context);
				HikariDataSource bean = context.getBean(HikariDataSource.class);
				HikariCheckpointRestoreLifecycle lifecycle = new HikariCheckpointRestoreLifecycle(bean,
						context.getSourceApplicationContext());
				lifecycle.start();
				lifecycle.stop();
				assertThat(bean.getHikariPoolMXBean().getTotalConnections()).isZero();
				lifecycle.start();
				assertThat(new Reader(context.getBean(JdbcTemplate.class)).names).isEqualTo(MIGRATED);
			});
	}

	@Test
	void contextsOfOneVirtualMachineHaveGuardsOfTheirOwn() {
		HikariDataSource pool = pool();
		application().withBean("dataSource", HikariDataSource.class, () -> pool)
			.withBean("reader", Reader.class)
			.run((first) -> {
				assertRead(first);
				Changelog.empty()
					.changeSet("new", "insert into flags values ('new')")
					.changeSet("newer", "insert into flags values ('newer')")
					.writeTo(this.directory);
				application().withBean("dataSource", DataSource.class, () -> first.getBean(HikariDataSource.class))
					.withBean("reader", Reader.class)
					.run((second) -> assertThat(second.getBean(Reader.class).names).containsExactly("old", "newer",
							"new"));
			});
	}

	@Test
	void poolIsClosedWithContext() {
		HikariDataSource[] pool = new HikariDataSource[1];
		application().withBean("dataSource", HikariDataSource.class, this::pool)
			.run((context) -> pool[0] = context.getBean(HikariDataSource.class));
		assertThat(pool[0].isClosed()).isTrue();
	}

	private static AbstractRoutingDataSource routing(DataSource target) {
		AbstractRoutingDataSource routing = new AbstractRoutingDataSource() {

			@Override
			protected Object determineCurrentLookupKey() {
				return "target";
			}

		};
		routing.setTargetDataSources(Map.of("target", target));
		return routing;
	}

	static class Reader {

		final List<String> names;

		Reader(JdbcTemplate template) {
			this.names = template.queryForList("select name from flags order by name desc", String.class);
		}

	}

	/**
	 * Asks what its database is, and reads when that is allowed.
	 */
	static class Asking {

		private final JdbcTemplate template;

		private List<String> names;

		Asking(DataSource dataSource, JdbcTemplate template) throws SQLException {
			try (Connection connection = dataSource.getConnection();
					Statement statement = connection.createStatement()) {
				assertThat(connection.getMetaData().getDatabaseProductName()).isEqualTo("PostgreSQL");
				statement.executeQuery("SELECT version();").close();
			}
			this.template = template;
		}

		@EventListener
		void refreshed(ContextRefreshedEvent event) {
			this.names = this.template.queryForList("select name from flags order by name desc", String.class);
		}

	}

	/**
	 * Sets everything before it reads.
	 */
	static class StateReader {

		private final List<String> names;

		StateReader(DataSource dataSource, JdbcTemplate template) throws SQLException {
			try (Connection connection = dataSource.getConnection()) {
				connection.setAutoCommit(true);
				connection.setReadOnly(true);
				connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
				connection.setSchema("other");
				connection.setClientInfo("ApplicationName", "state");
				connection.setNetworkTimeout(Runnable::run, 20_000);
				this.names = new JdbcTemplate(new SingleConnectionDataSource(connection, true))
					.queryForList("select name from public.flags order by name desc", String.class);
				assertThat(connection.getAutoCommit()).isTrue();
				assertThat(connection.isReadOnly()).isTrue();
				assertThat(connection.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_SERIALIZABLE);
				assertThat(connection.getSchema()).isEqualTo("other");
				assertThat(connection.getClientInfo("ApplicationName")).isEqualTo("state");
				assertThat(connection.getNetworkTimeout()).isEqualTo(20_000);
			}
		}

	}

	/**
	 * Reads over the connection that it got, wherever another one would lead.
	 */
	static class FickleReader {

		private final List<String> names;

		FickleReader(DataSource dataSource, FickleRouting routing, JdbcTemplate template) throws SQLException {
			routing.choose("other");
			try (Connection connection = dataSource.getConnection()) {
				String before = connection.getMetaData().getURL();
				routing.choose("target");
				this.names = new JdbcTemplate(new SingleConnectionDataSource(connection, true))
					.queryForList("select name from flags order by name desc", String.class);
				assertThat(connection.getMetaData().getURL()).isEqualTo(before).contains("other");
			}
		}

	}

	static class FickleRouting extends AbstractRoutingDataSource {

		private String key = "target";

		FickleRouting(DataSource target, HikariDataSource other) {
			other.setJdbcUrl(
					other.getJdbcUrl() + (other.getJdbcUrl().contains("?") ? "&" : "?") + "ApplicationName=other");
			setTargetDataSources(Map.of("target", target, "other", other));
		}

		void choose(String key) {
			this.key = key;
		}

		@Override
		protected Object determineCurrentLookupKey() {
			return this.key;
		}

	}

	public static class Jndi implements InitialContextFactory {

		private static volatile DataSource dataSource;

		@Override
		public Context getInitialContext(Hashtable<?, ?> environment) {
			return (Context) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] { Context.class },
					(proxy, method, arguments) -> method.getName().equals("lookup") ? dataSource : null);
		}

	}

	static class SecondReader {

		private final List<String> names;

		SecondReader(@Qualifier("second") DataSource second, JdbcTemplate template) {
			this.names = new JdbcTemplate(second).queryForList("select name from flags order by name desc",
					String.class);
		}

	}

	static class PoolUser {

		private final HikariDataSource pool;

		PoolUser(HikariDataSource pool) {
			this.pool = pool;
		}

	}

	static class OwnPool extends HikariDataSource {

	}

	static class LateRouting extends AbstractRoutingDataSource implements BeanFactoryAware {

		@Override
		public void setBeanFactory(BeanFactory beanFactory) {
			setTargetDataSources(Map.of("target", beanFactory.getBean("target")));
		}

		@Override
		protected Object determineCurrentLookupKey() {
			return "target";
		}

	}

	static class PoolFactory implements FactoryBean<DataSource> {

		private final HikariDataSource pool;

		PoolFactory(HikariDataSource pool) {
			this.pool = pool;
		}

		@Override
		public DataSource getObject() {
			return this.pool;
		}

		@Override
		public Class<?> getObjectType() {
			return DataSource.class;
		}

	}

	static final class FinalDataSource extends AbstractDataSource {

		private final DataSource target;

		FinalDataSource(TestDatabase database) {
			this.target = database.dataSource();
		}

		@Override
		public Connection getConnection() throws SQLException {
			return this.target.getConnection();
		}

		@Override
		public Connection getConnection(String username, String password) throws SQLException {
			return this.target.getConnection(username, password);
		}

	}

	@AutoConfiguration
	static class SchedulerAutoConfiguration {

		@Bean
		@DependsOnDatabaseInitialization
		StringJoiner scheduler() {
			return new StringJoiner(",");
		}

	}

}
