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

package io.github.migrationguard.chaos;

import java.util.ArrayList;
import java.util.List;

import io.github.migrationguard.testsupport.HostedReplica;
import io.github.migrationguard.testsupport.HostedReplica.Phase;
import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A replica that is started again when it has failed or is gone, as Kubernetes would.
 *
 * @author Migration Guard
 */
final class Pod {

	private static final int MAX_STARTS = 12;

	private final ChaosPlan.PodPlan plan;

	private final List<HostedReplica> starts = new ArrayList<>();

	private volatile @Nullable HostedReplica replica;

	Pod(ChaosPlan.PodPlan plan) {
		this.plan = plan;
	}

	ChaosPlan.PodPlan plan() {
		return this.plan;
	}

	void started(HostedReplica replica) {
		assertThat(this.starts).as("starts of %s", this.plan).hasSizeLessThan(MAX_STARTS);
		this.starts.add(replica);
		this.replica = replica;
	}

	boolean isStarted() {
		return this.replica != null;
	}

	HostedReplica replica() {
		HostedReplica replica = this.replica;
		assertThat(replica).isNotNull();
		return replica;
	}

	List<HostedReplica> starts() {
		return this.starts;
	}

	boolean isReady() {
		return isStarted() && replica().phase() == Phase.READY && replica().isAlive();
	}

	boolean isToStartAgain() {
		return isStarted() && (!replica().isAlive() || replica().phase() == Phase.FAILED);
	}

	@Override
	public String toString() {
		return "%s, started %d times, %s".formatted(this.plan, this.starts.size(),
				isStarted() ? replica().phase() + " " + replica().failure() + " " + replica() : "not yet");
	}

}
