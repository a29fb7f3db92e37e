/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.metrics;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Calls by kind of response. What comes from the network can be anything: beyond a bound kinds are
 * merged. Not thread-safe: guarded by its owner, of which a scrape takes a {@link #copy}.
 */
final class ResponseCounts {

  /** Status of what is no gRPC. */
  static final int NO_GRPC_STATUS = -1;

  /** Index of what is beyond the bound. */
  private static final int MERGED = 0;

  // deps
  private final int maxKinds;
  private final AtomicLong mergedCalls;
  // state
  private int[] codes = new int[2];
  private String[] flags = {LabelValues.MERGED, null};
  private int[] grpcStatuses = new int[2];
  private long[] requests = new long[2];
  private int size = 1;

  /**
   * None yet.
   *
   * @param maxKinds kept apart
   * @param mergedCalls counts the calls of others
   */
  ResponseCounts(int maxKinds, AtomicLong mergedCalls) {
    this.maxKinds = maxKinds;
    this.mergedCalls = mergedCalls;
  }

  private ResponseCounts(ResponseCounts other) {
    maxKinds = other.maxKinds;
    mergedCalls = other.mergedCalls;
    codes = other.codes.clone();
    flags = other.flags.clone();
    grpcStatuses = other.grpcStatuses.clone();
    requests = other.requests.clone();
    size = other.size;
  }

  ResponseCounts copy() {
    return new ResponseCounts(this);
  }

  /** Counts a call; the index of its kind. */
  int add(int code, String flagNames, int grpcStatus) {
    int index = indexOf(code, flagNames, grpcStatus);
    requests[index]++;
    return index;
  }

  private int indexOf(int code, String flagNames, int grpcStatus) {
    for (int i = 1; i < size; i++) {
      if (codes[i] == code && grpcStatuses[i] == grpcStatus && flags[i].equals(flagNames)) {
        return i;
      }
    }
    if (size > maxKinds) {
      mergedCalls.incrementAndGet();
      return MERGED;
    }
    if (size == codes.length) {
      codes = Arrays.copyOf(codes, 2 * size);
      flags = Arrays.copyOf(flags, 2 * size);
      grpcStatuses = Arrays.copyOf(grpcStatuses, 2 * size);
      requests = Arrays.copyOf(requests, 2 * size);
    }
    codes[size] = code;
    flags[size] = flagNames;
    grpcStatuses[size] = grpcStatus;
    return size++;
  }

  /** Kinds there are room for now, the merged one included. */
  int size() {
    return size;
  }

  long requests(int index) {
    return requests[index];
  }

  boolean isCode(int index, int code) {
    return index != MERGED && codes[index] == code;
  }

  String code(int index) {
    return index == MERGED ? LabelValues.MERGED : Integer.toString(codes[index]);
  }

  String flags(int index) {
    return flags[index];
  }

  /** Empty where it is none. */
  String grpcStatus(int index) {
    if (index == MERGED) {
      return LabelValues.MERGED;
    }
    return grpcStatuses[index] == NO_GRPC_STATUS ? "" : Integer.toString(grpcStatuses[index]);
  }
}
