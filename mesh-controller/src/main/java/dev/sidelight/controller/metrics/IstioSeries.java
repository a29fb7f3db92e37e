/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.metrics;

import dev.sidelight.correlator.CorrelatedRequest;
import java.util.Arrays;
import java.util.List;

/** Calls of one edge and reporter by kind of response. A scrape takes a {@link #copy}. */
final class IstioSeries extends Series {

  // state
  private final ResponseCounts responses;
  private DurationHistogram[] durations;

  IstioSeries(ResponseCounts responses) {
    this.responses = responses;
    durations = new DurationHistogram[responses.size()];
  }

  private IstioSeries(IstioSeries other) {
    responses = other.responses.copy();
    durations =
        Arrays.stream(other.durations)
            .map(DurationHistogram::copy)
            .toArray(DurationHistogram[]::new);
  }

  synchronized void add(
      CorrelatedRequest call, int grpcStatus, long durationNanos, long nowEpochMillis) {
    int kind = responses.add(call.responseCode(), call.responseFlags(), grpcStatus);
    if (kind >= durations.length) {
      durations = Arrays.copyOf(durations, 2 * kind);
    }
    if (durations[kind] == null) {
      durations[kind] = new DurationHistogram(BucketBounds.ISTIO);
    }
    durations[kind].observe(durationNanos, call.requestId(), nowEpochMillis);
  }

  synchronized IstioSeries copy() {
    return new IstioSeries(this);
  }

  /** Adds a copy to the families. */
  void collect(List<String> edge, Family requests, Family durationFamily) {
    for (int kind = 0; kind < responses.size(); kind++) {
      if (responses.requests(kind) > 0) {
        String code = responses.code(kind);
        String flags = responses.flags(kind);
        String grpcStatus = responses.grpcStatus(kind);
        requests.add(edge, responses.requests(kind), code, flags, grpcStatus);
        durationFamily.add(edge, durations[kind], code, flags, grpcStatus);
      }
    }
  }
}
