/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.metrics;

import io.prometheus.client.Collector.MetricFamilySamples;
import java.util.List;

/** The families of edges of one scrape, filled edge by edge. One thread. */
final class EdgeFamilies {

  final Family requests =
      Family.counter(
          "sidelight_edge_requests",
          "Calls on the edge",
          EdgeLabels.NAMES,
          "response_code",
          "response_flags");
  final Family durations =
      Family.histogram(
          "sidelight_edge_duration_seconds",
          "Duration of calls by the part that it is charged to; part total is the whole",
          EdgeLabels.NAMES,
          "part");
  final Family componentSeconds =
      Family.counter(
          "sidelight_edge_component_seconds",
          "Seconds of calls by component; all sum to total",
          EdgeLabels.NAMES,
          "component");
  final Family componentRequests =
      Family.counter(
          "sidelight_edge_component_requests",
          "Calls in which the component was measured",
          EdgeLabels.NAMES,
          "component");
  final Family bytes =
      Family.counter(
          "sidelight_edge_bytes",
          "Bytes of requests and responses on the wire, headers with them",
          EdgeLabels.NAMES,
          "direction");
  final Family retransmits =
      Family.counter(
          "sidelight_edge_retransmits",
          "TCP segments sent again, both ends of the segment",
          EdgeLabels.NAMES,
          "segment");
  final Family roundTrips =
      Family.histogram(
          "sidelight_edge_rtt_seconds",
          "TCP's smoothed round trip time on the segment at each call",
          EdgeLabels.NAMES,
          "segment");
  final Family coverage =
      Family.counter(
          "sidelight_edge_coverage",
          "Calls by how much of them was seen, and why not all",
          EdgeLabels.NAMES,
          "coverage",
          "reason");

  final Family merged =
      Family.counter(
          "sidelight_edge_merged_requests",
          "Calls counted under the edge other, being beyond the bound",
          List.of());

  List<MetricFamilySamples> toList() {
    return List.of(
        requests.toSamples(),
        durations.toSamples(),
        componentSeconds.toSamples(),
        componentRequests.toSamples(),
        bytes.toSamples(),
        retransmits.toSamples(),
        roundTrips.toSamples(),
        coverage.toSamples(),
        merged.toSamples());
  }
}
