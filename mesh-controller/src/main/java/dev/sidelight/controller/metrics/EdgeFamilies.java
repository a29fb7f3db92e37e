/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.metrics;

import io.prometheus.client.Collector;
import io.prometheus.client.Collector.MetricFamilySamples;
import io.prometheus.client.Collector.MetricFamilySamples.Sample;
import java.util.ArrayList;
import java.util.List;

/** The families of one scrape, filled edge by edge. One thread. */
final class EdgeFamilies {

  private static final String REQUESTS = "sidelight_edge_requests";
  private static final String DURATION = "sidelight_edge_duration_seconds";
  private static final String COMPONENT_SECONDS = "sidelight_edge_component_seconds";
  private static final String COMPONENT_REQUESTS = "sidelight_edge_component_requests";
  private static final String COVERAGE = "sidelight_edge_coverage";
  private static final String RETRANSMITS = "sidelight_edge_retransmits";
  private static final String MERGED = "sidelight_edge_merged_requests";
  private static final String TOTAL = "_total";

  private static final List<String> REQUESTS_LABELS =
      EdgeLabels.and(EdgeLabels.NAMES, "response_code", "response_flags");
  private static final List<String> PART_LABELS = EdgeLabels.and(EdgeLabels.NAMES, "part");
  private static final List<String> BUCKET_LABELS = EdgeLabels.and(EdgeLabels.NAMES, "part", "le");
  private static final List<String> COMPONENT_LABELS =
      EdgeLabels.and(EdgeLabels.NAMES, "component");
  private static final List<String> COVERAGE_LABELS =
      EdgeLabels.and(EdgeLabels.NAMES, "coverage", "reason");
  private static final List<String> SEGMENT_LABELS = EdgeLabels.and(EdgeLabels.NAMES, "segment");

  // state
  private final List<Sample> requests = new ArrayList<>();
  private final List<Sample> durations = new ArrayList<>();
  private final List<Sample> componentSeconds = new ArrayList<>();
  private final List<Sample> componentRequests = new ArrayList<>();
  private final List<Sample> coverages = new ArrayList<>();
  private final List<Sample> retransmits = new ArrayList<>();
  private final List<Sample> merged = new ArrayList<>();

  void requests(List<String> edge, String code, String flags, long count) {
    requests.add(
        new Sample(REQUESTS + TOTAL, REQUESTS_LABELS, EdgeLabels.and(edge, code, flags), count));
  }

  void duration(List<String> edge, String part, long[] cumulativeCounts, double sumSeconds) {
    for (int bucket = 0; bucket < cumulativeCounts.length; bucket++) {
      durations.add(
          new Sample(
              DURATION + "_bucket",
              BUCKET_LABELS,
              EdgeLabels.and(edge, part, DurationBuckets.bound(bucket)),
              cumulativeCounts[bucket]));
    }
    List<String> labels = EdgeLabels.and(edge, part);
    long count = cumulativeCounts[cumulativeCounts.length - 1];
    durations.add(new Sample(DURATION + "_count", PART_LABELS, labels, count));
    durations.add(new Sample(DURATION + "_sum", PART_LABELS, labels, sumSeconds));
  }

  void component(List<String> edge, String component, double seconds, long calls) {
    List<String> labels = EdgeLabels.and(edge, component);
    componentSeconds.add(new Sample(COMPONENT_SECONDS + TOTAL, COMPONENT_LABELS, labels, seconds));
    componentRequests.add(new Sample(COMPONENT_REQUESTS + TOTAL, COMPONENT_LABELS, labels, calls));
  }

  void coverage(List<String> edge, String coverage, String reason, long calls) {
    coverages.add(
        new Sample(
            COVERAGE + TOTAL, COVERAGE_LABELS, EdgeLabels.and(edge, coverage, reason), calls));
  }

  void retransmits(List<String> edge, String segment, long segments) {
    retransmits.add(
        new Sample(RETRANSMITS + TOTAL, SEGMENT_LABELS, EdgeLabels.and(edge, segment), segments));
  }

  void merged(long calls) {
    merged.add(new Sample(MERGED + TOTAL, List.of(), List.of(), calls));
  }

  List<MetricFamilySamples> toList() {
    return List.of(
        counter(REQUESTS, "Calls on the edge.", requests),
        new MetricFamilySamples(
            DURATION,
            Collector.Type.HISTOGRAM,
            "Duration of calls by the part that it is charged to; part total is the whole.",
            durations),
        counter(
            COMPONENT_SECONDS,
            "Seconds of calls by component; all sum to total.",
            componentSeconds),
        counter(
            COMPONENT_REQUESTS, "Calls in which the component was measured.", componentRequests),
        counter(COVERAGE, "Calls by how much of them was seen, and why not all.", coverages),
        counter(RETRANSMITS, "TCP segments sent again, both ends of the segment.", retransmits),
        counter(MERGED, "Calls counted under the edge other, being beyond the bound.", merged));
  }

  private static MetricFamilySamples counter(String name, String help, List<Sample> samples) {
    return new MetricFamilySamples(name, Collector.Type.COUNTER, help, samples);
  }
}
