/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.web;

import dev.sidelight.correlator.CorrelatedRequest;
import dev.sidelight.correlator.Coverage;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** {@code GET /api/v1/requests}: single calls. Any thread. */
final class RequestsRoute {

  private static final int DEFAULT_WINDOW_SECONDS = 60;
  private static final int MAX_WINDOW_SECONDS = 900;
  private static final int DEFAULT_LIMIT = 100;
  private static final int MAX_LIMIT = 100_000;
  private static final int MAX_MILLIS = 3_600_000;

  // deps
  private final RecentRequests requests;

  RequestsRoute(RecentRequests requests) {
    this.requests = requests;
  }

  Answer answer(Parameters parameters) {
    int windowSeconds = parameters.windowSeconds(DEFAULT_WINDOW_SECONDS, MAX_WINDOW_SECONDS);
    int limit = parameters.number("limit", 1, MAX_LIMIT, DEFAULT_LIMIT);
    RequestOrder order = parameters.order();
    boolean ends = parameters.flag("ends");
    return Answer.json(
        200,
        RequestsJson.write(
            requests.first(windowSeconds, matching(parameters), order, limit), ends));
  }

  private static Predicate<CorrelatedRequest> matching(Parameters parameters) {
    EdgeFilter edges = parameters.edges();
    Optional<String> requestId = parameters.text("requestId");
    Optional<String> source = parameters.text("sourceWorkload");
    Optional<String> destination = parameters.text("destinationWorkload");
    Optional<Coverage> coverage = parameters.coverage();
    Optional<StatusClass> status = parameters.status();
    long minNanos = TimeUnit.MILLISECONDS.toNanos(parameters.number("minMillis", 0, MAX_MILLIS, 0));
    return call ->
        matches(requestId, call.requestId())
            && matches(source, call.source().workload())
            && matches(destination, call.destination().workload())
            && matches(coverage, call.coverage())
            && edges.matches(call.source(), call.destination(), call.protocol())
            && call.breakdown().totalNanos() >= minNanos
            && status.map(wanted -> wanted.includes(call.responseCode())).orElse(true);
  }

  private static <T> boolean matches(Optional<T> wanted, T value) {
    return wanted.isEmpty() || wanted.get().equals(value);
  }
}
