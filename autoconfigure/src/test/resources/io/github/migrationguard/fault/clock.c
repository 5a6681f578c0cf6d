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

/*
 * Adds the seconds in the file that CLOCK_OFFSET_FILE names to the clock of the process. Timers are left alone.
 */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>

static int (*original)(clockid_t, struct timespec *);

static long read_offset(void) {
	const char *name = getenv("CLOCK_OFFSET_FILE");
	FILE *file = name ? fopen(name, "r") : NULL;
	long seconds = 0;
	if (file) {
		if (fscanf(file, "%ld", &seconds) != 1) {
			seconds = 0;
		}
		fclose(file);
	}
	return seconds;
}

/* The file is read ten times a second at the most: a JVM asks for the time again and again. */
static long offset(void) {
	static volatile long seconds;
	static volatile long read_at = -1;
	struct timespec now;
	original(CLOCK_MONOTONIC, &now);
	long tenth = now.tv_sec * 10 + now.tv_nsec / 100000000;
	if (tenth != read_at) {
		read_at = tenth;
		seconds = read_offset();
	}
	return seconds;
}

int clock_gettime(clockid_t clock, struct timespec *time) {
	if (!original) {
		original = dlsym(RTLD_NEXT, "clock_gettime");
	}
	int result = original(clock, time);
	if (result == 0 && clock == CLOCK_REALTIME) {
		time->tv_sec += offset();
	}
	return result;
}
