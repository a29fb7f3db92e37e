/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A correlator with a ten second window, and what it told. */
final class JoinHarness {

  static final long SECOND_NANOS = 1_000_000_000L;
  static final long BEGIN_NANOS = 100 * SECOND_NANOS;
  static final int SOURCE_HOP = 0;
  static final int LINK_INITIATOR = 1;
  static final int LINK_ACCEPTOR = 2;
  static final int DESTINATION_HOP = 3;

  final RecordingMetrics metrics = new RecordingMetrics();
  final List<CorrelatedRequest> told = new ArrayList<>();
  final Correlator correlator =
      new Correlator(new CorrelatorSettings(10 * SECOND_NANOS, 1_000, 4_000), metrics, told::add);

  void feedClock() {
    for (int i = 0; i < 20; i++) {
      correlator.onClockSample(
          TestCall.NODE, TestCall.clockSample(BEGIN_NANOS + (i - 10) * 100_000_000L));
    }
  }

  void feedEntries(TestCall call) {
    correlator.onAccessLog(call.sourceEntry(), BEGIN_NANOS);
    correlator.onAccessLog(call.destinationEntry(), BEGIN_NANOS);
  }

  void feedHops(Iterable<HopRecord> hops) {
    hops.forEach(hop -> correlator.onHop(hop, BEGIN_NANOS));
  }

  void settle() {
    correlator.advance(BEGIN_NANOS + SECOND_NANOS);
  }

  /** What was waited for on behalf of callers that nobody knew yet is told. */
  void settleAgain() {
    correlator.advance(BEGIN_NANOS + 2 * SECOND_NANOS);
  }

  void passWindow() {
    correlator.advance(BEGIN_NANOS + 10 * SECOND_NANOS);
  }

  CorrelatedRequest onlyCall() {
    assertThat(told).hasSize(1);
    return told.get(0);
  }

  static HopRecord withInitiator(HopRecord hop, Consumer<TestEnd> change) {
    TestEnd end = new TestEnd(hop.initiator());
    change.accept(end);
    return new HopRecord(hop.node(), hop.podAddress(), end.build(), hop.acceptor(), false);
  }

  static HopRecord withAcceptor(HopRecord hop, Consumer<TestEnd> change) {
    TestEnd end = new TestEnd(hop.acceptor());
    change.accept(end);
    return new HopRecord(hop.node(), hop.podAddress(), hop.initiator(), end.build(), false);
  }

  static HopRecord onlyInitiator(HopRecord hop) {
    return new HopRecord(hop.node(), hop.podAddress(), hop.initiator(), null, false);
  }

  static HopRecord onlyAcceptor(HopRecord hop) {
    return new HopRecord(hop.node(), hop.podAddress(), null, hop.acceptor(), false);
  }
}
