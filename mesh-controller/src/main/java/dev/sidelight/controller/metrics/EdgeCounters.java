/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.metrics;

import dev.sidelight.correlator.CorrelatedRequest;
import dev.sidelight.correlator.Coverage;
import dev.sidelight.correlator.LatencyBreakdown;
import dev.sidelight.correlator.LatencyComponent;
import dev.sidelight.correlator.PartialReason;
import dev.sidelight.correlator.Rollup;
import dev.sidelight.correlator.TransportFigures;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One edge's counters since the start. Written by one thread, read by scrapes: each holds the lock,
 * a writer for less than a microsecond, a reader while it copies.
 */
final class EdgeCounters {

  private static final double NANOS_PER_SECOND = 1e9;

  /** Flags come from the network: beyond so many kinds of response on an edge they are merged. */
  private static final int MAX_RESPONSES = 64;

  private static final Response MERGED_RESPONSE =
      new Response(EdgeLabels.MERGED, EdgeLabels.MERGED);

  private static final String WHOLE = "total";
  private static final List<Rollup> PARTS =
      List.of(Rollup.SIDECAR, Rollup.NETWORK, Rollup.APPLICATION, Rollup.KERNEL, Rollup.CALLER);
  private static final LatencyComponent[] COMPONENTS = LatencyComponent.values();
  private static final Coverage[] COVERAGES = Coverage.values();
  private static final PartialReason[] REASONS = PartialReason.values();
  private static final List<String> SEGMENTS = List.of("source_hop", "link", "destination_hop");
  private static final long NOT_SEEN = -1;

  // state
  private final Map<Response, Long> responses = new LinkedHashMap<>();
  private final Map<String, DurationBuckets> durations = new LinkedHashMap<>();
  private final long[] componentNanos = new long[COMPONENTS.length];
  private final long[] componentCalls = new long[COMPONENTS.length];
  private final long[][] coverage = new long[COVERAGES.length][REASONS.length];
  private final long[] retransmits = {NOT_SEEN, NOT_SEEN, NOT_SEEN};

  synchronized void add(CorrelatedRequest call) {
    responses.merge(response(call), 1L, Long::sum);
    coverage[call.coverage().ordinal()][call.reason().ordinal()]++;
    addBreakdown(call.breakdown());
    addRetransmits(0, call.sourceHop());
    addRetransmits(1, call.link());
    addRetransmits(2, call.destinationHop());
  }

  private Response response(CorrelatedRequest call) {
    Response response = new Response(Integer.toString(call.responseCode()), call.responseFlags());
    return responses.size() < MAX_RESPONSES || responses.containsKey(response)
        ? response
        : MERGED_RESPONSE;
  }

  private void addBreakdown(LatencyBreakdown breakdown) {
    observe(WHOLE, breakdown.totalNanos());
    for (Rollup part : PARTS) {
      observe(part.key(), breakdown.nanos(part));
    }
    for (int i = 0; i < COMPONENTS.length; i++) {
      long nanos = breakdown.nanos(COMPONENTS[i]);
      if (nanos != LatencyBreakdown.ABSENT) {
        componentNanos[i] += nanos;
        componentCalls[i]++;
      }
    }
  }

  private void observe(String part, long nanos) {
    if (nanos != LatencyBreakdown.ABSENT) {
      durations.computeIfAbsent(part, key -> new DurationBuckets()).observe(nanos);
    }
  }

  private void addRetransmits(int segment, TransportFigures figures) {
    if (figures != null) {
      retransmits[segment] = Math.max(retransmits[segment], 0) + figures.retransmits();
    }
  }

  synchronized void collect(List<String> edge, EdgeFamilies families) {
    responses.forEach(
        (response, requests) ->
            families.requests(edge, response.code(), response.flags(), requests));
    durations.forEach(
        (part, duration) ->
            families.duration(
                edge, part, duration.cumulativeCounts(), duration.sumNanos() / NANOS_PER_SECOND));
    for (int i = 0; i < COMPONENTS.length; i++) {
      if (componentCalls[i] > 0) {
        families.component(
            edge, COMPONENTS[i].key(), componentNanos[i] / NANOS_PER_SECOND, componentCalls[i]);
      }
    }
    collectCoverage(edge, families);
    for (int i = 0; i < retransmits.length; i++) {
      if (retransmits[i] != NOT_SEEN) {
        families.retransmits(edge, SEGMENTS.get(i), retransmits[i]);
      }
    }
  }

  private void collectCoverage(List<String> edge, EdgeFamilies families) {
    for (Coverage kind : COVERAGES) {
      for (PartialReason reason : REASONS) {
        long calls = coverage[kind.ordinal()][reason.ordinal()];
        if (calls > 0) {
          families.coverage(edge, kind.key(), reason.key(), calls);
        }
      }
    }
  }

  private record Response(String code, String flags) {}
}
