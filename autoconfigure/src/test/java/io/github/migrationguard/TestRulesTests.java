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

package io.github.migrationguard;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;

/**
 * Tests for the rules that tests keep.
 *
 * @author Migration Guard
 */
@AnalyzeClasses(packages = "io.github.migrationguard", importOptions = ImportOption.OnlyIncludeTests.class)
class TestRulesTests {

	@ArchTest
	final ArchRule testsAwaitConditionsAndDoNotSleep = ArchRuleDefinition.noClasses()
		.should()
		.callMethod(Thread.class, "sleep", long.class)
		.because("a test awaits a condition");

	@ArchTest
	final ArchRule testsArePackagePrivate = ArchRuleDefinition.classes()
		.that()
		.haveSimpleNameEndingWith("Tests")
		.should()
		.bePackagePrivate();

}
