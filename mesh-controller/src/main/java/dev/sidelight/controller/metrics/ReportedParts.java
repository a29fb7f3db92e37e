/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.metrics;

import dev.sidelight.correlator.CorrelatedRequest;
import dev.sidelight.correlator.Coverage;
import dev.sidelight.correlator.DestinationService;
import dev.sidelight.correlator.ExchangeEnd;
import dev.sidelight.correlator.LatencyBreakdown;
import dev.sidelight.correlator.LatencyComponent;
import dev.sidelight.correlator.PartialReason;

/** Who told of a call. */
final class ReportedParts {

  private ReportedParts() {}

  /** Whether the source's proxy did. */
  static boolean bySource(CorrelatedRequest call) {
    return isMeasured(call, LatencyComponent.SOURCE_SIDECAR);
  }

  /** Whether the destination's proxy did. */
  static boolean byDestination(CorrelatedRequest call) {
    return isMeasured(call, LatencyComponent.DESTINATION_SIDECAR);
  }

  /** Whether there is an app behind the destination's proxy; behind a gateway there is none. */
  static boolean isOfApplication(CorrelatedRequest call) {
    return byDestination(call)
        && (call.coverage() != Coverage.ONE_SIDED
            || isMeasured(call, LatencyComponent.APPLICATION));
  }

  /** What comes from outside to a gateway, as far as it can be told. */
  static boolean isFromOutsideToGateway(CorrelatedRequest call) {
    return call.reason() == PartialReason.NO_SOURCE_PROXY
        && call.destinationService().equals(DestinationService.UNKNOWN)
        && !isOfApplication(call);
  }

  private static boolean isMeasured(CorrelatedRequest call, LatencyComponent component) {
    return call.breakdown().nanos(component) != LatencyBreakdown.ABSENT;
  }

  /** Status of a gRPC call: from its trailers where they were seen, else what its code means. */
  static int grpcStatus(CorrelatedRequest call) {
    int status = grpcStatus(call.ends().sourceApp());
    status = status >= 0 ? status : grpcStatus(call.ends().sourceDownstream());
    status = status >= 0 ? status : grpcStatus(call.ends().destinationUpstream());
    status = status >= 0 ? status : grpcStatus(call.ends().destinationApp());
    return status >= 0 ? status : grpcStatus(call.responseCode());
  }

  private static int grpcStatus(ExchangeEnd end) {
    return end == null ? ExchangeEnd.NO_GRPC_STATUS : end.grpcStatus();
  }

  /** As gRPC's own clients read a response without a status. */
  private static int grpcStatus(int responseCode) {
    return switch (responseCode) {
      case 200 -> 0;
      case 400 -> 13;
      case 401 -> 16;
      case 403 -> 7;
      case 404 -> 12;
      case 429, 502, 503, 504 -> 14;
      default -> 2;
    };
  }
}
