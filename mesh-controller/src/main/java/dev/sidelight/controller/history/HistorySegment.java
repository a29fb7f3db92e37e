/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.history;

import dev.sidelight.correlator.CorrelatedRequest;
import dev.sidelight.correlator.TransportFigures;

/** A stretch of a call's path that is one TCP connection. */
public enum HistorySegment {
  /** Between source app and its sidecar. */
  SOURCE_HOP,
  /** Between the proxies. */
  LINK,
  /** Between sidecar and destination app. */
  DESTINATION_HOP;

  TransportFigures of(CorrelatedRequest call) {
    return switch (this) {
      case SOURCE_HOP -> call.sourceHop();
      case LINK -> call.link();
      case DESTINATION_HOP -> call.destinationHop();
    };
  }
}
