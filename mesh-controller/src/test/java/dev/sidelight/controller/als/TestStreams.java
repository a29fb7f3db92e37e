/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.als;

import dev.sidelight.controller.limit.StreamLimits;

/** Streams of anybody, without a bound that a test would reach. */
final class TestStreams {

  static final StreamLimits LIMITS = new StreamLimits(1_000, 10_000_000, System::nanoTime);

  private TestStreams() {}

  static AccessLogStream stream(
      AccessLogEvents events, EntryDecoders decoders, String remoteAddress) {
    return new AccessLogStream(
        events,
        decoders,
        new Caller((namespace, serviceAccount, proxy) -> "nobody", null),
        LIMITS.rate(),
        remoteAddress);
  }
}
