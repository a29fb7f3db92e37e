/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.hop;

import dev.sidelight.controller.limit.StreamLimits;

/** Streams of anybody, without a bound that a test would reach. */
final class TestStreams {

  private static final StreamLimits LIMITS = new StreamLimits(1_000, 10_000_000, System::nanoTime);

  private TestStreams() {}

  static HopStream stream(HopEvents events, TakenBatches taken) {
    return stream(events, taken, new OwnPods(ProbeAdmission.EVERYBODY, ""), LIMITS);
  }

  static HopStream stream(
      HopEvents events, TakenBatches taken, OwnPods ownPods, StreamLimits limits) {
    return new HopStream(
        events,
        taken,
        new AddressPool(),
        new TextPool(),
        ownPods,
        limits.rate(),
        "127.0.0.1:1",
        control -> {});
  }
}
