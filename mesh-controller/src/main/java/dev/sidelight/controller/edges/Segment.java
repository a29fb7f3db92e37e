/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.edges;

import dev.sidelight.correlator.CorrelatedRequest;
import dev.sidelight.correlator.TransportFigures;

/** A stretch of a call's path that is one TCP connection. */
public enum Segment {
  /** Between source app and its sidecar. */
  SOURCE_HOP("sourceHop"),
  /** Between the proxies. */
  LINK("link"),
  /** Between sidecar and destination app. */
  DESTINATION_HOP("destinationHop");

  private final String key;

  Segment(String key) {
    this.key = key;
  }

  /** Name in the API. */
  public String key() {
    return key;
  }

  /** Of one call; null where it was not seen. */
  public TransportFigures of(CorrelatedRequest call) {
    return switch (this) {
      case SOURCE_HOP -> call.sourceHop();
      case LINK -> call.link();
      case DESTINATION_HOP -> call.destinationHop();
    };
  }
}
