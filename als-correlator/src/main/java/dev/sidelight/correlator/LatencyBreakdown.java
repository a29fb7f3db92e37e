/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import java.util.Arrays;
import java.util.Map;

/**
 * The latency of one call, split. Immutable. Every component is absent or >= 0 nanoseconds; those
 * present sum to {@link #totalNanos()} exactly.
 */
public final class LatencyBreakdown {

  /** A component that was not measured on this call. */
  public static final long ABSENT = -1;

  private static final LatencyComponent[] COMPONENTS = LatencyComponent.values();

  // state
  private final long[] nanosByComponent;
  private final long totalNanos;
  private final long applicationUpstreamWaitNanos;

  LatencyBreakdown(long[] nanosByComponent, long applicationUpstreamWaitNanos) {
    this.nanosByComponent = nanosByComponent;
    this.totalNanos = sum(nanosByComponent);
    this.applicationUpstreamWaitNanos = applicationUpstreamWaitNanos;
  }

  /**
   * A breakdown from values, as tests and importers have them.
   *
   * @param nanos nanoseconds of each component that was measured, >= 0; the others are absent
   * @param applicationUpstreamWaitNanos see {@link #applicationUpstreamWaitNanos()}
   * @throws IllegalArgumentException for a negative component
   */
  public static LatencyBreakdown of(
      Map<LatencyComponent, Long> nanos, long applicationUpstreamWaitNanos) {
    long[] byComponent = new long[COMPONENTS.length];
    Arrays.fill(byComponent, ABSENT);
    nanos.forEach(
        (component, value) -> {
          if (value < 0) {
            throw new IllegalArgumentException(component.key() + " is negative: " + value);
          }
          byComponent[component.ordinal()] = value;
        });
    return new LatencyBreakdown(byComponent, applicationUpstreamWaitNanos);
  }

  private static long sum(long[] nanosByComponent) {
    long sum = 0;
    for (long nanos : nanosByComponent) {
      sum += nanos == ABSENT ? 0 : nanos;
    }
    return sum;
  }

  /** Sum of all components, nanoseconds. */
  public long totalNanos() {
    return totalNanos;
  }

  /** Nanoseconds of one component, {@link #ABSENT} where it was not measured. */
  public long nanos(LatencyComponent component) {
    return nanosByComponent[component.ordinal()];
  }

  /** Nanoseconds of one roll-up; {@link #ABSENT} where none of its components was measured. */
  public long nanos(Rollup rollup) {
    long sum = ABSENT;
    for (LatencyComponent component : COMPONENTS) {
      long nanos = nanosByComponent[component.ordinal()];
      if (component.rollup() == rollup && nanos != ABSENT) {
        sum = Math.max(sum, 0) + nanos;
      }
    }
    return sum;
  }

  /**
   * The part of {@link LatencyComponent#APPLICATION} that the app spent in its own outbound calls
   * with the same request id; informative, not a summand. {@link #ABSENT} where application is.
   */
  public long applicationUpstreamWaitNanos() {
    return applicationUpstreamWaitNanos;
  }

  /**
   * {@link LatencyComponent#APPLICATION} less {@link #applicationUpstreamWaitNanos()}: the app's
   * own time. {@link #ABSENT} where one of them is.
   */
  public long applicationSelfNanos() {
    long applicationNanos = nanos(LatencyComponent.APPLICATION);
    return applicationNanos == ABSENT || applicationUpstreamWaitNanos == ABSENT
        ? ABSENT
        : Math.max(0, applicationNanos - applicationUpstreamWaitNanos);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("total=").append(totalNanos);
    for (LatencyComponent component : COMPONENTS) {
      if (nanosByComponent[component.ordinal()] != ABSENT) {
        text.append(' ')
            .append(component.key())
            .append('=')
            .append(nanosByComponent[component.ordinal()]);
      }
    }
    return text.toString();
  }
}
