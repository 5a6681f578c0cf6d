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

package io.github.migrationguard.soak;

import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import javax.management.JMException;
import javax.management.ObjectName;

import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * What this JVM holds after a garbage collection.
 *
 * @param heap the bytes of all living objects
 * @param instances how many there are of each class
 * @param classes how many classes are loaded
 * @param threads how many threads there are
 * @param registries how much Liquibase keeps for the whole JVM
 * @author Migration Guard
 */
record Footprint(long heap, Map<String, Long> instances, int classes, int threads, Map<String, Integer> registries) {

	/**
	 * Number, instances, bytes and name, without the module behind it.
	 */
	private static final Pattern LINE = Pattern.compile(" *\\d+: +(?<instances>\\d+) +(?<bytes>\\d+) +(?<name>\\S+).*");

	private static final String BOOT_CONDITION = "org.springframework.boot.actuate.autoconfigure.endpoint.condition.OnAvailableEndpointCondition";

	/**
	 * Java itself and caches whose entries are weakly or softly referenced.
	 */
	private static final Pattern IGNORED = Pattern.compile(
			"(\\[|org\\.springframework\\.boot\\.test\\.|java\\.|javax\\.|jdk\\.|sun\\.|com\\.sun\\.|org\\.springframework\\.util\\.ConcurrentReferenceHashMap\\$"
					+ "|org\\.postgresql\\.core\\.AsciiStringInterner\\$).*");

	/**
	 * Collect the garbage and see what is left.
	 */
	static Footprint take() {
		forgetEnvironments();
		System.gc();
		Map<String, Long> instances = new TreeMap<>();
		long heap = 0;
		for (String line : histogram().lines().toList()) {
			var matcher = LINE.matcher(line);
			if (matcher.matches()) {
				instances.merge(matcher.group("name"), Long.valueOf(matcher.group("instances")), Long::sum);
				heap += Long.parseLong(matcher.group("bytes"));
			}
		}
		return new Footprint(heap, instances, ManagementFactory.getClassLoadingMXBean().getLoadedClassCount(),
				ManagementFactory.getThreadMXBean().getThreadCount(), LiquibaseRegistries.sizes());
	}

	/**
	 * The server of diagnostic commands collects the garbage before it counts.
	 */
	private static String histogram() {
		try {
			return (String) ManagementFactory.getPlatformMBeanServer()
				.invoke(new ObjectName("com.sun.management:type=DiagnosticCommand"), "gcClassHistogram",
						new Object[] { new String[0] }, new String[] { String[].class.getName() });
		}
		catch (JMException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Spring Boot remembers every environment as long as there is enough memory.
	 */
	private static void forgetEnvironments() {
		ReflectionUtils.doWithFields(ClassUtils.resolveClassName(BOOT_CONDITION, null), (field) -> {
			field.setAccessible(true);
			((Map<?, ?>) field.get(null)).clear();
		}, (field) -> field.getType() == Map.class);
	}

	/**
	 * Return the classes, other than those of Java itself and of caches, of which there
	 * are more.
	 * @param before what there was before
	 * @param limit how many more there may be without being told
	 * @return how many more there are of each
	 */
	Map<String, Long> grownSince(Footprint before, long limit) {
		return moreThan(before, limit).entrySet()
			.stream()
			.filter((entry) -> !IGNORED.matcher(entry.getKey()).matches())
			.collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
	}

	/**
	 * Return the classes of which there are more.
	 */
	Map<String, Long> moreThan(Footprint before, long limit) {
		Map<String, Long> more = new TreeMap<>();
		this.instances.forEach((name, count) -> {
			long growth = count - before.instances().getOrDefault(name, 0L);
			if (growth > limit) {
				more.put(name, growth);
			}
		});
		return more;
	}

	/**
	 * Return the registries of Liquibase that hold more.
	 */
	Map<String, Integer> registriesGrownSince(Footprint before) {
		Map<String, Integer> grown = new TreeMap<>();
		this.registries.forEach((name, size) -> {
			if (size > before.registries().getOrDefault(name, 0)) {
				grown.put(name, size - before.registries().getOrDefault(name, 0));
			}
		});
		return grown;
	}

}
