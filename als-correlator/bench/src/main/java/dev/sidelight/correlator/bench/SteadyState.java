/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator.bench;

import dev.sidelight.correlator.ClockSample;
import dev.sidelight.correlator.CorrelatedRequest;
import dev.sidelight.correlator.Correlator;
import dev.sidelight.correlator.CorrelatorMetrics;
import dev.sidelight.correlator.CorrelatorSettings;
import dev.sidelight.correlator.Coverage;
import dev.sidelight.correlator.HopRecord;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/**
 * A correlator in its steady state: one call after another, in a time of its own, in which the
 * window's length holds a given number of calls; what is older expires.
 */
final class SteadyState implements Consumer<CorrelatedRequest> {
  private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long ADVANCE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private static final long CLOCK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  // deps
  private final IntFunction<Traffic.Call> calls;
  private final Correlator correlator;
  private final long nanosPerCall;

  // state
  private int next;
  private long nowNanos;
  private long advancedNanos;
  private long full;
  private long others;

  /**
   * An empty one.
   *
   * @param openCalls how many calls the window holds
   * @param calls the nth of them
   * @param joined false: the clocks are not known, so that each record waits to the end of the
   *     window
   */
  SteadyState(int openCalls, IntFunction<Traffic.Call> calls, boolean joined) {
    this.calls = calls;
    nanosPerCall = nanosPerCall(openCalls);
    CorrelatorSettings settings =
        new CorrelatorSettings(WINDOW_NANOS, 4 * openCalls + 1_000, 8 * openCalls + 1_000);
    correlator = new Correlator(settings, CorrelatorMetrics.NOOP, this);
    if (joined) {
      feedClock(Traffic.BEGIN_NANOS + 3 * WINDOW_NANOS);
    }
  }

  private void feedClock(long untilNanos) {
    for (long nanos = 1_000; nanos <= untilNanos + CLOCK_NANOS; nanos += CLOCK_NANOS) {
      correlator.onClockSample(
          Traffic.NODE, new ClockSample(nanos, Traffic.EPOCH_OFFSET_NANOS, 100));
    }
  }

  /** From one call's beginning to the next one's, where the window holds so many. */
  static long nanosPerCall(int openCalls) {
    return WINDOW_NANOS / openCalls;
  }

  /** So many calls. */
  void fill(int count) {
    for (int i = 0; i < count; i++) {
      call();
    }
  }

  /** One more call: eight records in, and what they bring to an end. */
  void call() {
    Traffic.Call call = calls.apply(next++);
    nowNanos += nanosPerCall;
    for (HopRecord hop : call.hops()) {
      correlator.onHop(hop, nowNanos);
    }
    correlator.onAccessLog(call.destination(), nowNanos);
    correlator.onAccessLog(call.source(), nowNanos);
    if (nowNanos - advancedNanos >= ADVANCE_NANOS) {
      advancedNanos = nowNanos;
      correlator.advance(nowNanos);
    }
  }

  @Override
  public void accept(CorrelatedRequest call) {
    if (call.coverage() == Coverage.FULL) {
      full++;
    } else {
      others++;
    }
  }

  /** Calls told with full coverage. */
  long fullCount() {
    return full;
  }

  /** Calls told with less. */
  long otherCount() {
    return others;
  }
}
