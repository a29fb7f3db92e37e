/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.web;

import dev.sidelight.correlator.CorrelatedRequest;
import dev.sidelight.correlator.Coverage;
import java.util.Optional;
import java.util.function.Predicate;

/** {@code GET /api/v1/requests}: single calls, newest first. Any thread. */
final class RequestsRoute {

  private static final int DEFAULT_LIMIT = 100;
  private static final int MAX_LIMIT = 100_000;

  // deps
  private final RecentRequests requests;

  RequestsRoute(RecentRequests requests) {
    this.requests = requests;
  }

  Answer answer(Parameters parameters) {
    int windowSeconds = parameters.windowSeconds();
    int limit = parameters.number("limit", 1, MAX_LIMIT, DEFAULT_LIMIT);
    boolean ends = parameters.flag("ends");
    return Answer.json(
        200, RequestsJson.write(requests.newest(windowSeconds, matching(parameters), limit), ends));
  }

  private static Predicate<CorrelatedRequest> matching(Parameters parameters) {
    Optional<String> requestId = parameters.text("requestId");
    Optional<String> source = parameters.text("sourceWorkload");
    Optional<String> destination = parameters.text("destinationWorkload");
    Optional<Coverage> coverage = parameters.coverage();
    return call ->
        matches(requestId, call.requestId())
            && matches(source, call.source().workload())
            && matches(destination, call.destination().workload())
            && matches(coverage, call.coverage());
  }

  private static <T> boolean matches(Optional<T> wanted, T value) {
    return wanted.isEmpty() || wanted.get().equals(value);
  }
}
