/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.tracing;

import java.net.URI;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Where traces go, and of which calls.
 *
 * @param tracesUrl the collector's URL for traces, {@code http} or {@code https}
 * @param headersFile headers to send, one NAME=VALUE a line; null where there are none
 * @param slowNanos a call that takes so long is exported; 0: none is for its length
 * @param sampleRatio share of the traces that is exported whatever their calls take, 0 to 1
 * @param sampledFlag what the sampled flag of a traceparent decides
 * @param maxPerSecond calls that are exported a second at most
 */
public record TracingSettings(
    URI tracesUrl,
    Path headersFile,
    long slowNanos,
    double sampleRatio,
    SampledFlag sampledFlag,
    int maxPerSecond) {

  /** Rejects what cannot be. */
  public TracingSettings {
    Objects.requireNonNull(tracesUrl, "tracesUrl");
    Objects.requireNonNull(sampledFlag, "sampledFlag");
    if (slowNanos < 0 || !(sampleRatio >= 0 && sampleRatio <= 1) || maxPerSecond < 1) {
      throw new IllegalArgumentException(
          "slow %d ns, ratio %s, at most %d a second"
              .formatted(slowNanos, sampleRatio, maxPerSecond));
    }
  }
}
