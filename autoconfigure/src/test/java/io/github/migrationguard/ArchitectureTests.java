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

import java.util.stream.Stream;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClass.Predicates;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaParameter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.lang.conditions.ArchConditions;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import com.tngtech.archunit.library.Architectures;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import org.jspecify.annotations.NullMarked;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;

/**
 * Tests for the direction of the packages and for the rules an auto-configuration keeps.
 *
 * @author Migration Guard
 */
@AnalyzeClasses(packages = "io.github.migrationguard", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTests {

	private static final String ROOT = "io.github.migrationguard";

	@ArchTest
	final ArchRule packagesDependDownwardsOnly = Architectures.layeredArchitecture()
		.consideringOnlyDependenciesInLayers()
		.layer("liquibase")
		.definedBy(ROOT + ".liquibase..")
		.layer("flyway")
		.definedBy(ROOT + ".flyway..")
		.layer("actuate")
		.definedBy(ROOT + ".actuate..")
		.layer("web")
		.definedBy(ROOT + ".web..")
		.layer("job")
		.definedBy(ROOT + ".job..")
		.layer("jpa")
		.definedBy(ROOT + ".jpa..")
		.layer("autoconfigure")
		.definedBy(ROOT + ".autoconfigure..")
		.layer("gate")
		.definedBy(ROOT + ".gate..")
		.layer("startup")
		.definedBy(ROOT + ".startup..")
		.layer("root")
		.definedBy(ROOT)
		.layer("ddl")
		.definedBy(ROOT + ".ddl..")
		.layer("watch")
		.definedBy(ROOT + ".watch..")
		.layer("lock")
		.definedBy(ROOT + ".lock..")
		.whereLayer("liquibase")
		.mayNotBeAccessedByAnyLayer()
		.whereLayer("flyway")
		.mayNotBeAccessedByAnyLayer()
		.whereLayer("actuate")
		.mayNotBeAccessedByAnyLayer()
		.whereLayer("web")
		.mayNotBeAccessedByAnyLayer()
		.whereLayer("job")
		.mayNotBeAccessedByAnyLayer()
		.whereLayer("jpa")
		.mayNotBeAccessedByAnyLayer()
		.whereLayer("autoconfigure")
		.mayOnlyBeAccessedByLayers("liquibase", "flyway", "actuate", "web", "jpa", "job")
		.whereLayer("gate")
		.mayOnlyBeAccessedByLayers("autoconfigure", "liquibase", "flyway", "actuate", "web", "jpa", "job")
		.whereLayer("startup")
		.mayOnlyBeAccessedByLayers("gate", "autoconfigure", "liquibase", "flyway", "actuate", "web", "jpa", "job")
		.whereLayer("root")
		.mayOnlyBeAccessedByLayers("startup", "gate", "autoconfigure", "liquibase", "flyway", "actuate", "web", "jpa",
				"job")
		.whereLayer("ddl")
		.mayOnlyBeAccessedByLayers("root", "gate", "autoconfigure", "liquibase", "flyway", "actuate")
		.whereLayer("watch")
		.mayOnlyBeAccessedByLayers("ddl", "root", "gate", "autoconfigure", "actuate")
		.whereLayer("lock")
		.mayOnlyBeAccessedByLayers("watch", "ddl", "root", "gate", "autoconfigure", "liquibase", "flyway", "actuate",
				"web", "jpa", "job")
		.ensureAllClassesAreContainedInArchitecture();

	@ArchTest
	final ArchRule packagesAreFreeOfCycles = SlicesRuleDefinition.slices()
		.matching(ROOT + ".(**)")
		.should()
		.beFreeOfCycles()
		.allowEmptyShould(true);

	@ArchTest
	final ArchRule lockNeedsNoContainer = ArchRuleDefinition.classes()
		.that()
		.resideInAPackage(ROOT + ".lock..")
		.should()
		.onlyDependOnClassesThat(Predicates
			.resideInAnyPackage(ROOT + ".lock..", "java..", "javax.sql..", "org.postgresql..", "org.jspecify..",
					"org.slf4j..", "org.apache.commons.logging..", "org.springframework.core..",
					"org.springframework.dao..", "org.springframework.jdbc..", "org.springframework.util..")
			.or(DescribedPredicate.describe("are primitive", JavaClass::isPrimitive)))
		.allowEmptyShould(true);

	@ArchTest
	final ArchRule packagesAreNullMarked = ArchRuleDefinition.classes().should(resideInNullMarkedPackage());

	@ArchTest
	final ArchRule autoConfigurationsArePublicAndFinal = ArchRuleDefinition.classes()
		.that()
		.areAnnotatedWith(AutoConfiguration.class)
		.should()
		.bePublic()
		.andShould()
		.haveModifier(JavaModifier.FINAL)
		.allowEmptyShould(true);

	@ArchTest
	final ArchRule autoConfigurationsHaveNoPublicMembers = ArchRuleDefinition.members()
		.that()
		.areDeclaredInClassesThat()
		.areAnnotatedWith(AutoConfiguration.class)
		.and(areNotDefaultConstructors())
		.and(areNotConstants())
		.and(doNotImplementInheritedMethods())
		.should()
		.notBePublic()
		.allowEmptyShould(true);

	@ArchTest
	final ArchRule beanMethodsArePackagePrivate = ArchRuleDefinition.methods()
		.that()
		.areAnnotatedWith(Bean.class)
		.should()
		.bePackagePrivate()
		.allowEmptyShould(true);

	@ArchTest
	final ArchRule beanMethodsAreNotConditionalOnClass = ArchRuleDefinition.methods()
		.that()
		.areAnnotatedWith(Bean.class)
		.should()
		.notBeAnnotatedWith(ConditionalOnClass.class)
		.because("the signature of the method is resolved before its conditions are evaluated")
		.allowEmptyShould(true);

	@ArchTest
	final ArchRule postProcessorsAreStaticAndInitializeNoBeans = ArchRuleDefinition.methods()
		.that()
		.areAnnotatedWith(Bean.class)
		.and()
		.haveRawReturnType(Predicates.assignableTo(BeanPostProcessor.class)
			.or(Predicates.assignableTo(BeanFactoryPostProcessor.class)))
		.should(ArchConditions.beStatic())
		.andShould(haveParametersThatInitializeNoBeans())
		.allowEmptyShould(true);

	private static ArchCondition<JavaClass> resideInNullMarkedPackage() {
		return ArchConditions.be(DescribedPredicate.describe("in a null-marked package",
				(javaClass) -> javaClass.getPackage().isAnnotatedWith(NullMarked.class)));
	}

	private static DescribedPredicate<JavaMember> areNotDefaultConstructors() {
		return DescribedPredicate.describe("are not default constructors",
				(member) -> !(member instanceof JavaConstructor constructor && constructor.getParameters().isEmpty()));
	}

	private static DescribedPredicate<JavaMember> areNotConstants() {
		return DescribedPredicate.describe("are not constants",
				(member) -> !(member instanceof JavaField && member.getModifiers().contains(JavaModifier.STATIC)
						&& member.getModifiers().contains(JavaModifier.FINAL)));
	}

	private static DescribedPredicate<JavaMember> doNotImplementInheritedMethods() {
		return DescribedPredicate.describe("do not implement inherited methods",
				(member) -> !(member instanceof JavaMethod method && implementsInheritedMethod(method)));
	}

	private static boolean implementsInheritedMethod(JavaMethod method) {
		String[] parameterTypes = method.getRawParameterTypes().stream().map(JavaClass::getName).toArray(String[]::new);
		return Stream
			.concat(method.getOwner().getAllRawSuperclasses().stream(),
					method.getOwner().getAllRawInterfaces().stream())
			.anyMatch((type) -> type.tryGetMethod(method.getName(), parameterTypes).isPresent());
	}

	private static ArchCondition<JavaMethod> haveParametersThatInitializeNoBeans() {
		return new ArchCondition<>("have parameters that initialize no beans") {

			@Override
			public void check(JavaMethod method, ConditionEvents events) {
				method.getParameters()
					.stream()
					.filter((parameter) -> !initializesNoBean(parameter))
					.forEach((parameter) -> events.add(SimpleConditionEvent.violated(method,
							parameter.getDescription() + " initializes a bean too early")));
			}

		};
	}

	private static boolean initializesNoBean(JavaParameter parameter) {
		JavaClass type = parameter.getRawType();
		return parameter.isAnnotatedWith(Lazy.class) || type.isAssignableTo(ObjectProvider.class)
				|| type.isAssignableTo(BeanFactory.class) || type.isAssignableTo(ApplicationContext.class)
				|| type.isAssignableTo(Environment.class);
	}

}
