/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.edges;

/**
 * Counts and sums of one edge, over a second or over several; how durations are kept is the
 * subclass's. One thread at a time.
 */
abstract class SecondCounts implements SecondSink {

  // state
  long requests;
  long errors;
  final long[] byCoverage = new long[SecondCodec.COVERAGES];
  long requestBytes;
  long responseBytes;
  long mutualTlsRequests;
  final ResponseTally responses = new ResponseTally();
  final long[] segmentCalls = new long[Segment.values().length];
  final long[][] segmentFigures = new long[Segment.values().length][SecondCodec.SEGMENT_FIGURES];
  final long[] counts = new long[Series.COUNT];
  final long[] sumsNanos = new long[Series.COUNT];

  @Override
  public void calls(long requests, long errors, long[] byCoverage) {
    this.requests += requests;
    this.errors += errors;
    for (int i = 0; i < byCoverage.length; i++) {
      this.byCoverage[i] += byCoverage[i];
    }
  }

  @Override
  public void carried(long requestBytes, long responseBytes, long mutualTlsRequests) {
    this.requestBytes += requestBytes;
    this.responseBytes += responseBytes;
    this.mutualTlsRequests += mutualTlsRequests;
  }

  @Override
  public void response(int responseCode, int grpcStatus, int responseFlagsId, long requests) {
    responses.add(responseCode, grpcStatus, responseFlagsId, requests);
  }

  @Override
  public void segment(int segment, long calls, long[] figures) {
    segmentCalls[segment] += calls;
    for (int i = 0; i < figures.length; i++) {
      segmentFigures[segment][i] += figures[i];
    }
  }

  @Override
  public void series(int series, long count, long sumNanos) {
    counts[series] += count;
    sumsNanos[series] += sumNanos;
  }
}
