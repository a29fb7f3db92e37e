/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.edges;

import dev.sidelight.correlator.Rollup;

/** Adds up what one edge after another carried. One thread. */
final class TrafficTotals implements SecondSink {

  private static final int NETWORK = Series.of(Rollup.NETWORK);
  private static final int APPLICATION = Series.of(Rollup.APPLICATION);

  // state
  private final BucketCounts[] countsBySeries = new BucketCounts[Series.COUNT];
  private final int lastSeries;
  private long requests;
  private long requestBytes;
  private long responseBytes;
  private long mutualTlsRequests;
  private ResponseTally responses = new ResponseTally();

  TrafficTotals(boolean parts) {
    countsBySeries[Series.TOTAL] = new BucketCounts();
    if (parts) {
      countsBySeries[Series.SOURCE_SIDECAR] = new BucketCounts();
      countsBySeries[Series.DESTINATION_SIDECAR] = new BucketCounts();
      countsBySeries[NETWORK] = new BucketCounts();
      countsBySeries[APPLICATION] = new BucketCounts();
    }
    lastSeries = parts ? Math.max(NETWORK, APPLICATION) : Series.TOTAL;
  }

  void clear() {
    requests = 0;
    requestBytes = 0;
    responseBytes = 0;
    mutualTlsRequests = 0;
    responses = new ResponseTally();
    for (BucketCounts counts : countsBySeries) {
      if (counts != null) {
        counts.clear();
      }
    }
  }

  void add(byte[] packed) {
    SecondCodec.decode(packed, this, lastSeries);
  }

  @Override
  public void calls(long requests, long errors, long[] byCoverage) {
    this.requests += requests;
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
    // layer 4 is no part of this
  }

  @Override
  public void series(int series, long count, long sumNanos) {
    if (countsBySeries[series] != null) {
      countsBySeries[series].add(count, sumNanos);
    }
  }

  @Override
  public void bucket(int series, int bucket, int count) {
    if (countsBySeries[series] != null) {
      countsBySeries[series].addBucket(bucket, count);
    }
  }

  long requests() {
    return requests;
  }

  EdgeTraffic toTraffic(EdgeKey edge, EdgeSeconds seconds) {
    return new EdgeTraffic(
        edge,
        requestBytes,
        responseBytes,
        mutualTlsRequests,
        seconds.principals(),
        responses.toCounts(seconds.responseFlags()::get),
        counts(Series.TOTAL),
        counts(Series.SOURCE_SIDECAR),
        counts(NETWORK),
        counts(Series.DESTINATION_SIDECAR),
        counts(APPLICATION));
  }

  private DurationCounts counts(int series) {
    return countsBySeries[series] == null ? null : countsBySeries[series].toCounts();
  }
}
