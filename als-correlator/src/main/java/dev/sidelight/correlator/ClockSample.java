/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

/**
 * One measurement of a node's wall clock against its monotonic clock.
 *
 * @param monotonicNanos CLOCK_MONOTONIC at the measurement
 * @param epochOffsetNanos CLOCK_REALTIME less CLOCK_MONOTONIC
 * @param uncertaintyNanos the offset is right within plus or minus this
 */
public record ClockSample(long monotonicNanos, long epochOffsetNanos, long uncertaintyNanos) {}
