/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.edges;

import dev.sidelight.correlator.Coverage;

/**
 * Reads a packed second. Everything is a varint: requests, errors, one number a coverage; bytes of
 * requests and of responses, requests under mutual TLS; number of responses, then code, status of
 * gRPC + 1, flags id and count of each; number of series, then for each its number, count, sum,
 * number of buckets, and for each bucket the distance from the one before and its count; number of
 * segments seen, then ordinal, calls and four figures of each.
 */
final class SecondCodec {

  static final int SEGMENT_FIGURES = 4;
  static final int COVERAGES = Coverage.values().length;

  private SecondCodec() {}

  static void decode(byte[] packed, SecondSink sink) {
    decode(packed, sink, Series.COUNT - 1);
  }

  /**
   * Stops after the last series that is wanted: most of a second are its components and segments.
   */
  static void decode(byte[] packed, SecondSink sink, int lastSeries) {
    VarintReader reader = new VarintReader(packed);
    long requests = reader.next();
    long errors = reader.next();
    sink.calls(requests, errors, longs(reader, COVERAGES));
    sink.carried(reader.next(), reader.next(), reader.next());
    for (int left = reader.nextInt(); left > 0; left--) {
      int code = reader.nextInt();
      int grpcStatus = reader.nextInt() + ResponseCount.NO_GRPC_STATUS;
      int flagsId = reader.nextInt();
      sink.response(code, grpcStatus, flagsId, reader.next());
    }
    for (int left = reader.nextInt(); left > 0; left--) {
      int series = reader.nextInt();
      if (series > lastSeries) {
        return;
      }
      decodeSeries(series, reader, sink);
    }
    for (int left = reader.nextInt(); left > 0; left--) {
      int segment = reader.nextInt();
      long calls = reader.next();
      sink.segment(segment, calls, longs(reader, SEGMENT_FIGURES));
    }
  }

  private static void decodeSeries(int series, VarintReader reader, SecondSink sink) {
    long count = reader.next();
    sink.series(series, count, reader.next());
    int bucket = 0;
    for (int left = reader.nextInt(); left > 0; left--) {
      bucket += reader.nextInt();
      sink.bucket(series, bucket, reader.nextInt());
    }
  }

  private static long[] longs(VarintReader reader, int length) {
    long[] values = new long[length];
    for (int i = 0; i < length; i++) {
      values[i] = reader.next();
    }
    return values;
  }
}
