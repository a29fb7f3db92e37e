/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.edges;

/** Takes the contents of one second of one edge as they are read back. One thread. */
interface SecondSink {

  /** Calls, in order: all, failed, then one number a coverage. */
  void calls(long requests, long errors, long[] byCoverage);

  /** What they carried: bytes of requests and of responses, and how many were under mutual TLS. */
  void carried(long requestBytes, long responseBytes, long mutualTlsRequests);

  /** Calls answered so; {@code responseFlagsId} as the edge numbered it, -1 for no gRPC status. */
  void response(int responseCode, int grpcStatus, int responseFlagsId, long requests);

  /** Layer 4 of a segment that was seen. */
  void segment(int segment, long calls, long[] figures);

  /** A duration that was measured: how often, and its exact sum. */
  void series(int series, long count, long sumNanos);

  /** So many of the last named series lay in the bucket. */
  void bucket(int series, int bucket, int count);
}
