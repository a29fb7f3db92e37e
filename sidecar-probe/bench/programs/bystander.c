/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright The Sidelight Authors */
/*
 * A process that has nothing to do with TCP: hashes, asks for its own process and passes a byte through a pipe.
 *   bystander ITERATIONS
 * Prints its CPU time as JSON.
 */
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static volatile uint64_t sink;

static void once(int reader, int writer)
{
	uint64_t hash = 1469598103934665603ULL;
	char byte = 0;

	for (int i = 0; i < 256; i++)
		hash = (hash ^ i) * 1099511628211ULL;
	sink = hash;
	syscall(SYS_getpid);
	if (write(writer, &byte, 1) != 1 || read(reader, &byte, 1) != 1)
		exit(1);
}

int main(int argc, char **argv)
{
	long iterations = argc == 2 ? atol(argv[1]) : 0;
	struct timespec cpu;
	int ends[2];

	if (iterations < 1 || pipe(ends))
		return 1;
	for (long i = 0; i < iterations; i++)
		once(ends[0], ends[1]);
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &cpu);
	printf("{\"cpuNanos\": %lld, \"iterations\": %ld}\n", cpu.tv_sec * 1000000000LL + cpu.tv_nsec, iterations);
	return 0;
}
