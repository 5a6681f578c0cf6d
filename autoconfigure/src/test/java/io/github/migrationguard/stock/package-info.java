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

/**
 * Compares a service that is started with Migration Guard with the same service without
 * it: every input is started both ways, each on a copy of the same database, and has to
 * end alike in history, schema, data, calls of user code, failure and exit code.
 * <p>
 * An input is a folder, {@code src/test/stock/<group>/<input>}, and is the class path of
 * an application of its own, which starts with Actuator and a web server on a free port:
 * <ul>
 * <li>{@code application.properties}. What is not said there: the data source is the
 * database of the test ({@code ${stock.url}}, {@code ${stock.username}},
 * {@code ${stock.password}}). Liquibase is on if there is a folder {@code db/changelog},
 * Flyway if there is {@code db/migration}; otherwise say
 * {@code spring.liquibase.enabled=true} or {@code spring.flyway.enabled=true}.
 * {@code stock.databases=b,c} makes further databases, {@code ${stock.url.b}};
 * {@code stock.roles=clerk} makes roles that the user of the database is a member of.
 * {@code stock.threads=true} compares the threads of the calls, too.</li>
 * <li>change logs and migrations, wherever the tools look for them.</li>
 * <li>{@code *.java}, optional, in any package or none. Components and configurations
 * among them are beans of the application, registered before Spring Boot's own;
 * auto-configurations are found by their
 * {@code META-INF/spring/...AutoConfiguration.imports}. They tell {@link Calls} what has
 * to happen as without Migration Guard.</li>
 * <li>{@code superuser.sql} and {@code before.sql}, optional: statements that the
 * superuser and the owner of the database execute before. {@code before-b.sql} is for the
 * database {@code b}.</li>
 * <li>{@code during.sql}, optional: a session that executes it in a transaction before
 * the start, and commits when it has blocked another session for a second, or when that
 * has given up waiting.</li>
 * <li>{@code 1/}, {@code 2/}, optional: two starts, one after the other, each with files
 * of its own, which come before those of the folder. {@code 2/before.sql} is executed
 * between them.</li>
 * <li>{@code difference.txt}, only if the outcomes differ. Its first line is
 * {@code open: <what is wrong>} or
 * {@code documented: <a sentence of docs/reliability.md>} . The other lines must be among
 * those that the comparison prints. The test fails as soon as there is no difference, so
 * that the file is removed.</li>
 * </ul>
 * {@code -Dmigration-guard.stock=<regular expression>} runs only the inputs in whose path
 * it is found, {@code -Dmigration-guard.stock.write=true} writes {@code difference.txt}
 * for what differs and removes it where nothing does.
 */
package io.github.migrationguard.stock;
