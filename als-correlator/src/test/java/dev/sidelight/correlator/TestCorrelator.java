/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A correlator with a clock of one node, and what it has told. */
final class TestCorrelator {

  static final long SECOND_NANOS = 1_000_000_000L;
  static final long BEGIN_NANOS = 100 * SECOND_NANOS;
  private static final long WINDOW_NANOS = 10 * SECOND_NANOS;

  final RecordingMetrics metrics = new RecordingMetrics();
  final List<CorrelatedRequest> calls = new ArrayList<>();
  private final Correlator correlator =
      new Correlator(new CorrelatorSettings(WINDOW_NANOS, 1_000, 4_000), metrics, calls::add);

  TestCorrelator() {
    for (int i = -10; i < 100; i++) {
      clock(TestCall.clockSample(BEGIN_NANOS + i * 100_000_000L));
    }
  }

  void clock(ClockSample sample) {
    correlator.onClockSample(TestCall.NODE, sample);
  }

  void feed(TestCall call) {
    call.hops().forEach(this::feed);
    feed(call.sourceEntry());
    feed(call.destinationEntry());
  }

  void feed(HopRecord hop) {
    correlator.onHop(hop, BEGIN_NANOS);
  }

  void feed(ExchangeEnd end, String pod) {
    feed(
        new HopRecord(
            TestCall.NODE, pod, end.initiator() ? end : null, end.initiator() ? null : end, false));
  }

  void feed(AccessLogEntry entry) {
    correlator.onAccessLog(entry, BEGIN_NANOS);
  }

  void feedAll(AccessLogEntry... entries) {
    for (AccessLogEntry entry : entries) {
      feed(entry);
    }
  }

  /** What is complete is told. */
  List<CorrelatedRequest> settled() {
    correlator.advance(BEGIN_NANOS + SECOND_NANOS);
    return inOrder();
  }

  /** The window passes: all is told, and each record has left in one way. */
  List<CorrelatedRequest> ended() {
    settled();
    correlator.advance(BEGIN_NANOS + WINDOW_NANOS + SECOND_NANOS);
    correlator.advance(BEGIN_NANOS + 3 * WINDOW_NANOS);
    for (CorrelatorMetrics.RecordType type : CorrelatorMetrics.RecordType.values()) {
      assertThat(metrics.balances(type)).as("%s %s", type, metrics.byOutcome).isTrue();
    }
    calls.forEach(TestCorrelator::assertSums);
    return inOrder();
  }

  CorrelatedRequest onlyCall() {
    assertThat(calls).hasSize(1);
    return calls.get(0);
  }

  static long micros(CorrelatedRequest call, LatencyComponent component) {
    long nanos = call.breakdown().nanos(component);
    return nanos == LatencyBreakdown.ABSENT ? -1 : nanos / 1_000;
  }

  private List<CorrelatedRequest> inOrder() {
    calls.sort(Comparator.comparing(CorrelatedRequest::requestId));
    return calls;
  }

  private static void assertSums(CorrelatedRequest call) {
    long sumNanos = 0;
    for (LatencyComponent component : LatencyComponent.values()) {
      long nanos = call.breakdown().nanos(component);
      assertThat(nanos).as(component.key()).isGreaterThanOrEqualTo(LatencyBreakdown.ABSENT);
      sumNanos += Math.max(0, nanos);
    }
    assertThat(call.breakdown().totalNanos()).isEqualTo(sumNanos);
  }
}
