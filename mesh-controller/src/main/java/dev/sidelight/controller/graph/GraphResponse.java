/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.graph;

/**
 * Calls that were answered so.
 *
 * @param code HTTP status, 0 where there was no response
 * @param flags Envoy's short names, {@code "-"} where none
 * @param requests how many, at least 1
 */
public record GraphResponse(int code, String flags, long requests) {

  /** As Kiali writes it. */
  String codeText() {
    return code == 0 ? Rates.NO_RESPONSE : Integer.toString(code);
  }
}
