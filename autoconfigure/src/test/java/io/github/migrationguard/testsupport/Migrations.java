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

package io.github.migrationguard.testsupport;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The migrations of a service, for one tool.
 *
 * @author Migration Guard
 */
public interface Migrations {

	/**
	 * Return the units as the tool identifies them in its history table.
	 * @return the identifiers, in the order in which they are applied
	 */
	List<String> identifiers();

	/**
	 * Write the files of the tool to a directory that is part of the class path.
	 * @param directory the directory
	 * @return the properties with which the application finds them
	 */
	Map<String, Object> install(Path directory);

}
