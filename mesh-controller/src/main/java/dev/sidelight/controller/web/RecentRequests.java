/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.web;

import dev.sidelight.correlator.CorrelatedRequest;
import java.util.List;
import java.util.function.Predicate;

/** Where {@code GET /api/v1/requests} finds calls. Called on worker threads. */
@FunctionalInterface
public interface RecentRequests {

  /** At most {@code limit} matching calls that started within the window, in that order. */
  List<CorrelatedRequest> first(
      int windowSeconds, Predicate<CorrelatedRequest> matching, RequestOrder order, int limit);
}
