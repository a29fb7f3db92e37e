/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.export;

/**
 * How far apart the node's clocks were.
 *
 * @param monotonicNanos when
 * @param epochOffsetNanos CLOCK_REALTIME less CLOCK_MONOTONIC
 * @param uncertaintyNanos the offset is right within this
 */
public record ClockSample(long monotonicNanos, long epochOffsetNanos, long uncertaintyNanos) {}
