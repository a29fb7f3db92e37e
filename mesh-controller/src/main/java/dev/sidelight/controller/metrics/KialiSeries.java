/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.metrics;

/** Calls of one edge of Kiali's extension by status. A scrape takes a {@link #copy}. */
final class KialiSeries extends Series {

  /** Kiali's word for "no response", which is no number. */
  private static final int NO_RESPONSE = -1;

  // state
  private final ResponseCounts statuses;
  private boolean secure;

  KialiSeries(ResponseCounts statuses) {
    this.statuses = statuses;
  }

  private KialiSeries(KialiSeries other) {
    statuses = other.statuses.copy();
    secure = other.secure;
  }

  /**
   * Counts a call.
   *
   * @param status of HTTP or gRPC
   */
  synchronized void add(boolean answered, int status, boolean mutualTls) {
    statuses.add(answered ? status : NO_RESPONSE, "-", ResponseCounts.NO_GRPC_STATUS);
    secure |= mutualTls;
  }

  synchronized KialiSeries copy() {
    return new KialiSeries(this);
  }

  /** Of a copy: how many statuses there may be. */
  int size() {
    return statuses.size();
  }

  long requests(int index) {
    return statuses.requests(index);
  }

  String status(int index) {
    return statuses.isCode(index, NO_RESPONSE) ? "-" : statuses.code(index);
  }

  /**
   * Whether a call was mutual TLS. One value an edge: of two series that differ in it alone Kiali
   * takes one.
   */
  boolean isSecure() {
    return secure;
  }
}
