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

package io.github.migrationguard.actuate;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import io.github.migrationguard.ClusterSample;
import io.github.migrationguard.ClusterSampler;
import io.github.migrationguard.MigrationGuard;
import io.github.migrationguard.MigrationGuard.GuardedMigration;
import io.github.migrationguard.MigrationRole;
import io.github.migrationguard.MigrationState;
import io.github.migrationguard.MigrationStatus;
import io.github.migrationguard.Migrator;
import io.github.migrationguard.actuate.MigrationDescriptor.BlockerDescriptor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.Show;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link MigrationsEndpoint} and {@link MigrationsEndpointWebExtension}.
 *
 * @author Migration Guard
 */
class MigrationsEndpointTests {

	private final MigrationGuard guard = mock();

	private final ClusterSampler sampler = mock();

	private final Migrator migrator = mock();

	private final MigrationsEndpoint endpoint = new MigrationsEndpoint(this.guard, Samples.STARTUP, this.sampler,
			Clock.fixed(Samples.NOW, ZoneOffset.UTC));

	@BeforeEach
	void setUp() {
		given(this.guard.getInstance()).willReturn("orders/orders-7c9f-0");
		given(this.guard.getRole()).willReturn(MigrationRole.MIGRATE);
	}

	@Test
	void unknownNameHasNoDescription() {
		givenStatus(Samples.status("liquibase", MigrationState.UP_TO_DATE, null));
		assertThat(this.endpoint.migration("flyway")).isNull();
		assertThat(this.endpoint.migration("liquibase")).isNotNull();
	}

	@Test
	void firstMigrationThatIsNotDoneGivesTheState() {
		assertThat(stateOf(MigrationState.COMPLETED, MigrationState.WAITING, MigrationState.PENDING))
			.isEqualTo(MigrationState.WAITING);
		assertThat(stateOf(MigrationState.FAILED, MigrationState.PENDING)).isEqualTo(MigrationState.FAILED);
		assertThat(stateOf(MigrationState.UP_TO_DATE, MigrationState.COMPLETED)).isEqualTo(MigrationState.COMPLETED);
		assertThat(stateOf(MigrationState.UP_TO_DATE, MigrationState.SKIPPED)).isEqualTo(MigrationState.UP_TO_DATE);
		assertThat(stateOf(MigrationState.UNGUARDED, MigrationState.COMPLETED)).isEqualTo(MigrationState.UNGUARDED);
		assertThat(stateOf(MigrationState.UNGUARDED, MigrationState.WAITING)).isEqualTo(MigrationState.WAITING);
		assertThat(stateOf()).isEqualTo(MigrationState.UP_TO_DATE);
	}

	private MigrationState stateOf(MigrationState... states) {
		givenStatus(Stream.of(states)
			.map((state) -> Samples.status("migration-" + state, state, null))
			.toArray(MigrationStatus[]::new));
		return this.endpoint.migrations().state();
	}

	@Test
	void databaseIsNotAskedForLockThatIsNotKnown() {
		givenStatus(Samples.status("liquibase", MigrationState.CONNECTING, null));
		MigrationsDescriptor descriptor = this.endpoint.migrations();
		assertThat(descriptor.sampledAt()).isNull();
		assertThat(descriptor.migrations().get("liquibase").cluster()).isNull();
		then(this.sampler).shouldHaveNoInteractions();
	}

	@Test
	void waitingInstanceShowsWhatItSawItselfWhenNobodyElseCanAskTheDatabase() {
		ClusterSample own = Samples.sample(Samples.NOW.minusMillis(1500), Samples.HOLDER, Samples.WAITER);
		givenStatus(Samples.status("liquibase", MigrationState.WAITING, Samples.lock(Samples.NOW, own)));
		givenSample(ClusterSample.unavailable("too many clients already", Samples.NOW));
		MigrationsDescriptor descriptor = this.endpoint.migrations();
		assertThat(descriptor.sampledAt()).isEqualTo(own.sampledAt());
		assertThat(descriptor.migrations().get("liquibase").lock().holder().pid()).isEqualTo(4242);
		assertThat(descriptor.migrations().get("liquibase").blockers()).isNull();
	}

	@Test
	void waitingInstanceShowsWhoIsInTheWayOfTheHolder() {
		ClusterSample own = Samples.sample(Samples.NOW, Samples.HOLDER, Samples.WAITER);
		givenStatus(Samples.status("liquibase", MigrationState.WAITING, Samples.lock(Samples.NOW, own)));
		givenSample(Samples.sample(Samples.blocked(List.of(Samples.IDLE), null)));
		MigrationDescriptor descriptor = this.endpoint.migration("liquibase");
		assertThat(descriptor.lock().holder().pid()).isEqualTo(4242);
		assertThat(descriptor.blockers()).extracting(BlockerDescriptor::pid).containsExactly(999);
		assertThat(descriptor.queuedBehind().sessions()).isEqualTo(37);
	}

	@Test
	void waitingInstanceShowsWhoWasInTheWayOfTheSameHolderWithTheAgeOfThat() {
		ClusterSample own = Samples.sample(Samples.NOW, Samples.HOLDER, Samples.WAITER);
		givenStatus(Samples.status("liquibase", MigrationState.WAITING, Samples.lock(Samples.NOW, own)));
		Instant before = Samples.NOW.minusSeconds(8);
		givenSample(new ClusterSample(own.participants(), Samples.blocked(List.of(Samples.IDLE), null), null, null,
				before));
		MigrationDescriptor descriptor = this.endpoint.migration("liquibase");
		assertThat(descriptor.blockers()).extracting(BlockerDescriptor::pid).containsExactly(999);
		assertThat(descriptor.lock().sampledAt()).isEqualTo(before);
		givenSample(new ClusterSample(Samples.sample(before, Samples.STRANGER).participants(),
				Samples.blocked(List.of(Samples.IDLE), null), null, null, before));
		assertThat(this.endpoint.migration("liquibase").blockers()).isNull();
	}

	@Test
	void holderShowsWhatItsOwnMonitorSaw() {
		givenStatus(new MigrationStatus("liquibase", "liquibase", MigrationState.MIGRATING, Samples.NOW, null,
				Samples.lock(null, null), null, null, null, Samples.DDL));
		givenSample(Samples.sample(Samples.blocked(List.of(Samples.OTHER_MIGRATION), null), Samples.INVALID));
		MigrationDescriptor descriptor = this.endpoint.migration("liquibase");
		assertThat(descriptor.blockers()).hasSize(3);
		assertThat(descriptor.invalidIndexes()).hasSize(1);
	}

	@Test
	void newestSampleIsShownWhenWaitingInstanceHasNotLookedForLong() {
		ClusterSample own = Samples.sample(Samples.NOW.minusSeconds(3), Samples.HOLDER);
		givenStatus(Samples.status("liquibase", MigrationState.WAITING, Samples.lock(Samples.NOW, own)));
		givenSample(Samples.sample(Samples.NOW.minusMillis(2500), Samples.STRANGER));
		assertThat(holderPid()).isEqualTo(999);
		givenSample(Samples.sample(Samples.NOW.minusSeconds(9), Samples.STRANGER));
		assertThat(holderPid()).isEqualTo(4242);
		givenSample(null);
		assertThat(holderPid()).isEqualTo(4242);
	}

	private int holderPid() {
		return this.endpoint.migration("liquibase").lock().holder().pid();
	}

	@Test
	void everyOtherInstanceShowsWhatTheDatabaseSays() {
		for (MigrationState state : MigrationState.values()) {
			givenStatus(Samples.status("liquibase", state, Samples.lock(null, null)));
			givenSample(Samples.sample(Samples.NOW, Samples.HOLDER, Samples.WAITER));
			MigrationDescriptor descriptor = this.endpoint.migration("liquibase");
			assertThat(descriptor.lock().holder().instance()).isEqualTo("orders/orders-7c9f-2");
			assertThat(descriptor.lock().waiters()).hasSize(1);
			assertThat(descriptor.cluster()).isNull();
		}
	}

	@Test
	void unavailableDatabaseIsToldAndNobodyIsShown() {
		givenStatus(Samples.status("liquibase", MigrationState.MIGRATING, Samples.lock(null, null)));
		givenSample(ClusterSample.unavailable("Connection refused", Samples.NOW));
		MigrationDescriptor descriptor = this.endpoint.migration("liquibase");
		assertThat(descriptor.cluster().unavailable()).isEqualTo("Connection refused");
		assertThat(descriptor.lock().holder()).isNull();
		assertThat(descriptor.lock().waiters()).isNull();
		givenSample(null);
		assertThat(this.endpoint.migration("liquibase").cluster().unavailable())
			.isEqualTo("The database has not answered yet");
	}

	@Test
	void oldestSampleGivesTheMomentOfTheWhole() {
		Instant oldest = Samples.NOW.minusSeconds(2);
		givenStatus(Samples.status("first", MigrationState.COMPLETED, Samples.lock(null, null)),
				Samples.status("second", MigrationState.COMPLETED, Samples.lock(null, null)));
		given(this.sampler.latest(this.migrator, Samples.KEY)).willReturn(Samples.sample(Samples.NOW, Samples.HOLDER),
				Samples.sample(oldest, Samples.HOLDER));
		assertThat(this.endpoint.migrations().sampledAt()).isEqualTo(oldest);
	}

	@Test
	@Tag("security:S14")
	void noStatementIsShownOutsideTheWeb() {
		givenHolder(true);
		assertThat(this.endpoint.migrations().migrations().get("liquibase").lock().holder().query()).isNull();
		assertThat(this.endpoint.migration("liquibase").lock().holder().query()).isNull();
	}

	@Test
	@Tag("security:S11")
	void statementOfMigrationIsShownToEverybodyOverTheWeb() {
		givenHolder(true);
		assertThat(queryOverWeb(Show.NEVER)).isEqualTo("alter table orders add total ?");
	}

	@Test
	@Tag("security:S11")
	void statementOfStrangerIsShownToThoseWhoMaySeeValues() {
		givenHolder(false);
		assertThat(queryOverWeb(Show.NEVER)).isNull();
		assertThat(queryOverWeb(Show.WHEN_AUTHORIZED)).isNull();
		assertThat(queryOverWeb(Show.ALWAYS)).isEqualTo("select pg_advisory_lock(?, ?)");
	}

	@Test
	@Tag("security:S11")
	void statementsOfBlockersAreShownLikeThatOfTheHolder() {
		givenStatus(Samples.status("liquibase", MigrationState.MIGRATING, Samples.lock(null, null)));
		givenSample(Samples.sample(Samples.blocked(List.of(Samples.IDLE, Samples.OTHER_MIGRATION), null)));
		assertThat(this.endpoint.migration("liquibase").blockers()).extracting(BlockerDescriptor::query)
			.containsOnlyNulls();
		assertThat(extension(Show.NEVER).migration(SecurityContext.NONE, "liquibase").blockers())
			.extracting(BlockerDescriptor::query)
			.containsExactly(null, "update orders set total = ?");
		assertThat(extension(Show.ALWAYS).migration(SecurityContext.NONE, "liquibase").blockers())
			.extracting(BlockerDescriptor::query)
			.containsExactly("select * from orders where id = ?", "update orders set total = ?");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '~',
			textBlock = """
					23505 | ERROR: duplicate key violates "orders_pkey" | ERROR: duplicate key violates "orders_pkey"
					22P02 | ERROR: invalid input syntax for type integer: "4111"1" | ERROR: invalid input syntax for type integer: "?\"""")
	@Tag("security:S11")
	void detailsOfErrorAreShownToThoseWhoMaySeeValues(String sqlState, String firstLine, String shown) {
		givenStatus(new MigrationStatus("liquibase", "liquibase", MigrationState.FAILED, Samples.NOW, null, null, null,
				null, new MigrationStatus.Failure(firstLine + "\n  Detail: Key (id)=(1)", sqlState, null),
				MigrationStatus.Ddl.NONE));
		assertThat(extension(Show.NEVER).migration(SecurityContext.NONE, "liquibase").error().message())
			.isEqualTo(shown);
		assertThat(extension(Show.ALWAYS).migration(SecurityContext.NONE, "liquibase").error().message())
			.startsWith(firstLine)
			.endsWith("Key (id)=(1)");
	}

	private void givenHolder(boolean guarded) {
		givenStatus(Samples.status("liquibase", MigrationState.MIGRATING, Samples.lock(null, null)));
		givenSample(Samples.sample(Samples.NOW, guarded ? Samples.HOLDER : Samples.STRANGER));
	}

	private String queryOverWeb(Show showValues) {
		String query = extension(showValues).migration(SecurityContext.NONE, "liquibase").lock().holder().query();
		assertThat(extension(showValues).migrations(SecurityContext.NONE)
			.migrations()
			.get("liquibase")
			.lock()
			.holder()
			.query()).isEqualTo(query);
		return query;
	}

	private MigrationsEndpointWebExtension extension(Show showValues) {
		return new MigrationsEndpointWebExtension(this.endpoint, showValues, Set.of(), false);
	}

	private void givenStatus(MigrationStatus... status) {
		List<GuardedMigration> migrations = Stream.of(status).map(this::migration).toList();
		given(this.guard.getMigrations()).willReturn(migrations);
	}

	private GuardedMigration migration(MigrationStatus status) {
		GuardedMigration migration = mock();
		given(migration.getStatus()).willReturn(status);
		given(migration.getMigrator()).willReturn(this.migrator);
		return migration;
	}

	private void givenSample(ClusterSample sample) {
		given(this.sampler.latest(this.migrator, Samples.KEY)).willReturn(sample);
	}

}
