/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.edges;

/**
 * How many calls took how long: what percentiles over several edges can be computed from, which
 * percentiles themselves cannot. To be read only.
 *
 * @param calls in which it was measured
 * @param sumNanos their sum, exact
 * @param nanos lengths that occurred, ascending, within 0.1% or 64 ns
 * @param counts how often each did; their sum is less than the calls where the window gave up
 *     buckets for memory
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record DurationCounts(long calls, long sumNanos, long[] nanos, int[] counts) {}
