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

package io.github.migrationguard.services;

import java.util.List;
import java.util.UUID;

import javax.sql.DataSource;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.SequenceGenerator;
import jakarta.persistence.Table;
import org.apache.ibatis.annotations.Mapper;
import org.apache.ibatis.annotations.Select;
import org.jobrunr.scheduling.JobScheduler;
import org.jooq.DSLContext;
import org.quartz.JobDetail;
import org.quartz.JobExecutionContext;
import org.quartz.Trigger;
import org.quartz.TriggerBuilder;

import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.builder.JobBuilder;
import org.springframework.batch.core.job.parameters.JobParametersBuilder;
import org.springframework.batch.core.launch.JobOperator;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.builder.StepBuilder;
import org.springframework.batch.infrastructure.repeat.RepeatStatus;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.integration.jdbc.lock.DefaultLockRepository;
import org.springframework.integration.jdbc.metadata.JdbcMetadataStore;
import org.springframework.integration.jdbc.store.JdbcMessageStore;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.scheduling.quartz.QuartzJobBean;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.provisioning.JdbcUserDetailsManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.event.TransactionalEventListener;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The services. What they see of the table {@code flag}, whose last row is that of a
 * pending migration, they leave in {@link Seen}.
 *
 * @author Migration Guard
 */
final class Applications {

	private static final String FLAGS = "select name from flag order by name";

	private Applications() {
	}

	/**
	 * What all services have.
	 */
	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Base {

		@Bean
		Seen seen() {
			return new Seen();
		}

		@Bean
		ApplicationRunner flagRunner(ObjectProvider<JdbcTemplate> jdbcTemplate, Seen seen) {
			return (arguments) -> jdbcTemplate
				.ifAvailable((template) -> seen.add("runner", template.queryForList(FLAGS, String.class)));
		}

	}

	static class Jdbc extends Base {

		@Bean
		ConstructorReader constructorReader(JdbcTemplate jdbcTemplate, Seen seen) {
			return new ConstructorReader(jdbcTemplate, seen);
		}

	}

	static class ConstructorReader {

		ConstructorReader(JdbcTemplate jdbcTemplate, Seen seen) {
			seen.add("constructor", jdbcTemplate.queryForList(FLAGS, String.class));
		}

	}

	static class Batch extends Base {

		@Bean
		Job flagJob(JobRepository repository, PlatformTransactionManager transactionManager, JdbcTemplate jdbcTemplate,
				Seen seen) {
			return new JobBuilder("flags", repository)
				.start(new StepBuilder("flags", repository).tasklet((contribution, context) -> {
					seen.add("job", jdbcTemplate.queryForList(FLAGS, String.class));
					return RepeatStatus.FINISHED;
				}, transactionManager).build())
				.build();
		}

		@Bean
		ApplicationRunner jobRunner(JobOperator operator, Job job) {
			return (arguments) -> operator.start(job,
					new JobParametersBuilder().addString("run", UUID.randomUUID().toString()).toJobParameters());
		}

	}

	static class DataJdbc extends Base {

		@Bean
		ApplicationRunner repositoryRunner(FlagRepository repository, Seen seen) {
			return (arguments) -> seen.add("repository", repository.count());
		}

	}

	static class DbScheduler extends Base {

		@Bean
		RecurringTask<Void> flagTask() {
			return Tasks.recurring("flags", FixedDelay.ofHours(1)).execute((instance, context) -> {
			});
		}

	}

	static class Integration extends Base {

		@Bean
		JdbcMetadataStore metadataStore(DataSource dataSource) {
			return new JdbcMetadataStore(dataSource);
		}

		@Bean
		JdbcMessageStore messageStore(DataSource dataSource) {
			return new JdbcMessageStore(dataSource);
		}

		@Bean
		DefaultLockRepository lockRepository(DataSource dataSource) {
			return new DefaultLockRepository(dataSource);
		}

		@Bean
		ApplicationRunner metadataRunner(JdbcMetadataStore store, Seen seen) {
			return (arguments) -> {
				store.put("key", "value");
				seen.add("metadata", String.valueOf(store.get("key")));
			};
		}

	}

	static class JobRunr extends Base {

		@Bean
		ApplicationRunner jobRunner(JobScheduler scheduler) {
			return (arguments) -> scheduler.enqueue(() -> System.out.println("job"));
		}

	}

	static class Jooq extends Base {

		@Bean
		JooqReader jooqReader(DSLContext context, Seen seen) {
			return new JooqReader(context, seen);
		}

	}

	static class JooqReader {

		JooqReader(DSLContext context, Seen seen) {
			seen.add("jOOQ", context.fetchValues("select name from flag order by name"));
		}

	}

	static class Jpa extends Base {

		@Bean
		ApplicationRunner customerRunner(EntityManagerFactory factory, Seen seen) {
			return (arguments) -> factory.runInTransaction((entityManager) -> {
				Customer customer = new Customer();
				entityManager.persist(customer);
				seen.add("id", customer.id);
			});
		}

	}

	@Entity
	@Table(name = "customer")
	static class Customer {

		@Id
		@GeneratedValue(strategy = GenerationType.SEQUENCE)
		@SequenceGenerator(sequenceName = "customer_seq")
		private Long id;

		private String name;

	}

	static class Modulith extends Base {

		@Bean
		EventListener eventListener(Seen seen) {
			return new EventListener(seen);
		}

		@Bean
		ApplicationRunner eventRunner(ApplicationEventPublisher publisher,
				PlatformTransactionManager transactionManager) {
			return (arguments) -> new TransactionTemplate(transactionManager)
				.executeWithoutResult((status) -> publisher.publishEvent(new FlagRaised("new")));
		}

	}

	record FlagRaised(String name) {

	}

	static class EventListener {

		private final Seen seen;

		EventListener(Seen seen) {
			this.seen = seen;
		}

		@TransactionalEventListener
		void on(FlagRaised event) {
			this.seen.add("event", event.name());
		}

	}

	static class MyBatis extends Base {

		@Bean
		InitializingBean mapperReader(FlagMapper mapper, Seen seen) {
			return () -> seen.add("mapper", mapper.names());
		}

	}

	@Mapper
	interface FlagMapper {

		@Select(FLAGS)
		List<String> names();

	}

	static class Quartz extends Base {

		@Bean
		JobDetail flagDetail() {
			return org.quartz.JobBuilder.newJob(FlagJob.class).withIdentity("flags").storeDurably().build();
		}

		@Bean
		Trigger flagTrigger(JobDetail flagDetail) {
			return TriggerBuilder.newTrigger().forJob(flagDetail).withIdentity("flags").startNow().build();
		}

	}

	static class FlagJob extends QuartzJobBean {

		@Override
		protected void executeInternal(JobExecutionContext context) {
		}

	}

	static class R2dbc extends Base {

		@Bean
		@DependsOnDatabaseInitialization
		List<String> namesOverR2dbc(DatabaseClient client, Seen seen) {
			List<String> names = client.sql(FLAGS).mapValue(String.class).all().collectList().block();
			seen.add("bean of R2DBC", names);
			return names;
		}

		@Bean
		ApplicationRunner clientRunner(DatabaseClient client, Seen seen) {
			return (arguments) -> seen.add("R2DBC",
					client.sql(FLAGS).mapValue(String.class).all().collectList().block());
		}

	}

	static class Security extends Base {

		@Bean
		JdbcUserDetailsManager users(DataSource dataSource) {
			return new JdbcUserDetailsManager(dataSource);
		}

		@Bean
		SmartInitializingSingleton userCreator(JdbcUserDetailsManager users, Seen seen) {
			return () -> {
				boolean exists = users.userExists("admin");
				seen.add("user exists", exists);
				if (!exists) {
					users.createUser(User.withUsername("admin").password("{noop}admin").roles("ADMIN").build());
				}
			};
		}

	}

	static class Session extends Base {

	}

}
