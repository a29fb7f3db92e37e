/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.graph;

/**
 * Calls that were answered so.
 *
 * @param code HTTP status, 0 where there was no response
 * @param grpcStatus status of gRPC, negative where it is none or nobody told
 * @param flags Envoy's short names, {@code "-"} where none
 * @param requests how many, at least 1
 */
public record GraphResponse(int code, int grpcStatus, String flags, long requests) {

  private static final int FIRST_ERROR = 400;

  /** As Kiali writes it: the status of gRPC, unless HTTP failed. */
  String codeText() {
    if (code == 0) {
      return Rates.NO_RESPONSE;
    }
    return Integer.toString(grpcStatus >= 0 && code < FIRST_ERROR ? grpcStatus : code);
  }
}
