/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.overlay;

/**
 * A duration over several calls, nanoseconds.
 *
 * @param meanNanos mean
 * @param p50Nanos median; negative where it is not known, as the other percentiles
 * @param p95Nanos 95th percentile
 * @param p99Nanos 99th percentile
 */
public record OverlayDuration(long meanNanos, long p50Nanos, long p95Nanos, long p99Nanos) {}
