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

package io.github.migrationguard.jpa;

import java.util.List;

import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.PersistenceException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.hibernate.MappingException;
import org.hibernate.boot.model.naming.Identifier;
import org.hibernate.boot.model.relational.QualifiedName;
import org.hibernate.engine.jdbc.env.spi.JdbcEnvironment;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.generator.Generator;
import org.hibernate.id.enhanced.DatabaseStructure;
import org.hibernate.id.enhanced.SequenceStyleGenerator;
import org.hibernate.tool.schema.extract.spi.SequenceInformation;

/**
 * Compares the increments of sequences with those in the database, as Hibernate does when
 * it is started.
 *
 * @author Migration Guard
 * @see SequenceStyleGenerator
 */
final class SequenceIncrementCheck {

	private static final Log logger = LogFactory.getLog(SequenceIncrementCheck.class);

	private static final String MISMATCH = "The increment size of the [%s] sequence is set to [%s] in the entity mapping but the mapped database sequence increment size is [%s]";

	private final JdbcEnvironment environment;

	private final List<SequenceInformation> sequences;

	private final boolean onlyLogged;

	private SequenceIncrementCheck(JdbcEnvironment environment, boolean onlyLogged) {
		this.environment = environment;
		this.sequences = environment.getExtractedDatabaseMetaData().getSequenceInformationList();
		this.onlyLogged = onlyLogged;
	}

	/**
	 * Compare.
	 * @param beanName the name of the bean
	 * @param factory what uses the sequences
	 * @param onlyLogged whether a difference is logged and not thrown
	 */
	static void run(String beanName, EntityManagerFactory factory, boolean onlyLogged) {
		try {
			run(factory, onlyLogged);
		}
		catch (MappingException ex) {
			throw new PersistenceException("[%s] %s".formatted(beanName, ex.getMessage()), ex);
		}
	}

	private static void run(EntityManagerFactory factory, boolean onlyLogged) {
		SessionFactoryImplementor sessionFactory = factory.unwrap(SessionFactoryImplementor.class);
		SequenceIncrementCheck check = new SequenceIncrementCheck(sessionFactory.getJdbcServices().getJdbcEnvironment(),
				onlyLogged);
		sessionFactory.getMappingMetamodel().forEachEntityDescriptor((entity) -> check.compare(entity.getGenerator()));
		sessionFactory.getMappingMetamodel()
			.forEachCollectionDescriptor((collection) -> check.compare(collection.getGenerator()));
	}

	private void compare(Generator generator) {
		if (generator instanceof SequenceStyleGenerator sequence && sequence.getDatabaseStructure().isPhysicalSequence()
				&& sequence.getOptimizer().applyIncrementSizeToSourceValues()) {
			compare(sequence.getDatabaseStructure());
		}
	}

	private void compare(DatabaseStructure structure) {
		QualifiedName name = structure.getPhysicalName();
		this.sequences.stream()
			.filter((sequence) -> sequence.getIncrementValue() != null && isSame(sequence, name))
			.findFirst()
			.map((sequence) -> sequence.getIncrementValue().intValue())
			.filter((increment) -> increment != structure.getIncrementSize())
			.ifPresent((increment) -> differ(name, structure.getIncrementSize(), increment));
	}

	private boolean isSame(SequenceInformation sequence, QualifiedName name) {
		Identifier schema = sequence.getSequenceName().getSchemaName();
		return sequence.getSequenceName().getSequenceName().getText().equalsIgnoreCase(name.getObjectName().getText())
				&& (schema == null || schema.equals(this.environment.getCurrentSchema()));
	}

	private void differ(QualifiedName name, int mapped, int found) {
		if (!this.onlyLogged) {
			throw new MappingException(MISMATCH.formatted(name.getObjectName().getText(), mapped, found));
		}
		logger.warn(MISMATCH.formatted(name.getObjectName().getText(), mapped, found));
	}

}
