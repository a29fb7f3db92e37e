/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.edges;

import dev.sidelight.correlator.ExchangeEnd;

/**
 * How often an edge was answered so.
 *
 * @param responseCode HTTP status, 0 where there was no response
 * @param grpcStatus status of gRPC, {@link #NO_GRPC_STATUS} where the kernel saw no trailers
 * @param responseFlags Envoy's short names, {@code "-"} where none
 * @param requests how often, at least 1
 */
public record ResponseCount(int responseCode, int grpcStatus, String responseFlags, long requests) {

  /** Not of gRPC, or nobody told. */
  public static final int NO_GRPC_STATUS = ExchangeEnd.NO_GRPC_STATUS;
}
