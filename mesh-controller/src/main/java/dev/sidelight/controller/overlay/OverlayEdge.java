/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.overlay;

import dev.sidelight.correlator.Workload;
import java.util.List;

/**
 * Calls between two workloads over a window.
 *
 * @param key between whom
 * @param sourceSidecarSeen whether any time in the source's sidecar was measured
 * @param destinationSidecarSeen whether any in the destination's was
 * @param responses what they were answered
 */
public record OverlayEdge(
    Key key, boolean sourceSidecarSeen, boolean destinationSidecarSeen, List<Response> responses) {

  /**
   * Between whom. Several edges may have the same.
   *
   * @param source who calls
   * @param destination who answers
   * @param protocol {@code http} or {@code grpc}
   */
  public record Key(Workload source, Workload destination, String protocol) {}

  /**
   * How often they were answered so.
   *
   * @param code HTTP status, 0 where there was no response
   * @param flags Envoy's short names, {@code "-"} where none
   * @param requests how often
   */
  public record Response(int code, String flags, long requests) {}
}
