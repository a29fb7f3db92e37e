/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.bpf;

/**
 * How far apart the node's two clocks are.
 *
 * @param monotonicNanos when
 * @param epochOffsetNanos CLOCK_REALTIME less CLOCK_MONOTONIC
 * @param uncertaintyNanos the offset is right within this
 */
public record ClockReading(long monotonicNanos, long epochOffsetNanos, long uncertaintyNanos) {}
