/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.bookinfo;

import java.util.List;

/**
 * What Kiali 2.31 asks a Prometheus for the namespace bookinfo, and the labels without which it
 * skips a sample. Its queries of TCP and of what comes from nobody known are the same with another
 * metric or source; bookinfo has neither.
 */
final class KialiQueries {

  private static final String EDGE =
      "source_cluster,source_workload_namespace,source_workload,source_canonical_service,"
          + "source_canonical_revision,destination_cluster,destination_service_namespace,"
          + "destination_service,destination_service_name,destination_workload_namespace,"
          + "destination_workload,destination_canonical_service,destination_canonical_revision";
  private static final String REQUESTS = EDGE + ",request_protocol,response_code,response_flags";
  private static final String FROM_OUTSIDE =
      "reporter=~\"source|waypoint\",source_workload_namespace!=\"bookinfo\","
          + "source_workload!=\"unknown\",destination_service_namespace=\"bookinfo\"";
  private static final String FROM_INSIDE =
      "reporter=~\"source|waypoint\",source_workload_namespace=\"bookinfo\"";
  private static final String OF_WORKLOAD =
      "{reporter=\"destination\",destination_workload_namespace=\"bookinfo\","
          + "destination_workload=\"reviews-v2\"}[1m]";
  private static final String DURATION = "istio_request_duration_milliseconds";
  private static final String EXTENSION =
      "dest_cluster,dest_namespace,dest_name,flags,protocol,secure,source_cluster,source_is_root,"
          + "source_namespace,source_name,status_code";

  /** An expression, and the labels that each of its samples must have. */
  record Query(String expression, List<String> labels) {

    static Query of(String expression, String labels) {
      return new Query(expression, labels.isEmpty() ? List.of() : List.of(labels.split(",")));
    }
  }

  static final List<Query> ALL =
      List.of(
          // The graph.
          Query.of(requests(FROM_OUTSIDE), REQUESTS),
          Query.of(requests(FROM_INSIDE), REQUESTS),
          Query.of(responseTime(FROM_OUTSIDE), EDGE),
          Query.of(responseTime(FROM_INSIDE), EDGE),
          Query.of(meanResponseTime(FROM_INSIDE), EDGE),
          Query.of(
              "sum(rate(istio_requests_total{%s}[60s])) by (%s,connection_security_policy,source_principal,destination_principal) > 0"
                  .formatted(
                      "reporter=\"destination\",source_workload_namespace=\"bookinfo\"", EDGE),
              EDGE + ",connection_security_policy"),
          Query.of(
              "sum(rate(kiali_ext_requests_total{extension=\"sidelight\"}[60s])) by (%s) > 0"
                  .formatted(EXTENSION),
              EXTENSION),
          // Health.
          Query.of(
              "rate(istio_requests_total{destination_service_namespace=\"bookinfo\",source_workload_namespace!=\"bookinfo\"}[60s]) > 0",
              "response_code,request_protocol"),
          Query.of(
              "rate(istio_requests_total{source_workload_namespace=\"bookinfo\"}[60s]) > 0",
              "response_code,request_protocol"),
          // A workload's metrics.
          Query.of("round(sum(rate(istio_requests_total" + OF_WORKLOAD + ")), 0.001)", ""),
          Query.of(
              "sum(rate(%1$s_sum%2$s)) / sum(rate(%1$s_count%2$s))"
                  .formatted(DURATION, OF_WORKLOAD),
              ""),
          Query.of(
              "histogram_quantile(0.99, sum(rate(%s_bucket%s)) by (le))"
                  .formatted(DURATION, OF_WORKLOAD),
              ""));

  private KialiQueries() {}

  private static String requests(String matchers) {
    return "sum(rate(istio_requests_total{%s}[60s])) by (%s,grpc_response_status) > 0"
        .formatted(matchers, REQUESTS);
  }

  private static String responseTime(String matchers) {
    return "histogram_quantile(0.95, sum(rate(%s_bucket{%s}[60s])) by (le,%s)) > 0"
        .formatted(DURATION, matchers, EDGE);
  }

  private static String meanResponseTime(String matchers) {
    return "sum(rate(%1$s_sum{%2$s}[60s])) by (%3$s) / sum(rate(%1$s_count{%2$s}[60s])) by (%3$s) > 0"
        .formatted(DURATION, matchers, EDGE);
  }
}
