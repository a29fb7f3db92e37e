/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.edges;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.stream.Collectors;

/** Calls by response code, status of gRPC and flags. One thread. */
final class ResponseTally {

  private static final int MAX_GRPC_STATUS = 16;
  private static final int GRPC_UNKNOWN = 2;

  // state
  private final Map<Key, Long> requestsByKey = new TreeMap<>();
  private Key last;
  private long requestsOfLast;

  void add(int responseCode, int grpcStatus, int responseFlagsId, long requests) {
    // Statuses come from the network; gRPC itself takes one that it does not know for UNKNOWN.
    int status = grpcStatus > MAX_GRPC_STATUS ? GRPC_UNKNOWN : grpcStatus;
    // Mostly the same again, second after second.
    if (last == null || !last.is(responseCode, status, responseFlagsId)) {
      tally();
      last = new Key(responseCode, status, responseFlagsId);
    }
    requestsOfLast += requests;
  }

  private void tally() {
    if (requestsOfLast > 0) {
      requestsByKey.merge(last, requestsOfLast, Long::sum);
      requestsOfLast = 0;
    }
  }

  void pack(VarintBuffer out) {
    tally();
    out.put(requestsByKey.size());
    requestsByKey.forEach(
        (key, requests) -> {
          out.put(key.responseCode());
          out.put(key.grpcStatus() - ResponseCount.NO_GRPC_STATUS);
          out.put(key.responseFlagsId());
          out.put(requests);
        });
  }

  List<ResponseCount> toCounts(IntFunction<String> responseFlags) {
    tally();
    return requestsByKey.entrySet().stream()
        .map(
            entry ->
                new ResponseCount(
                    entry.getKey().responseCode(),
                    entry.getKey().grpcStatus(),
                    responseFlags.apply(entry.getKey().responseFlagsId()),
                    entry.getValue()))
        .collect(Collectors.toUnmodifiableList());
  }

  /** Ordered, so that answers are stable. */
  private record Key(int responseCode, int grpcStatus, int responseFlagsId)
      implements Comparable<Key> {

    boolean is(int code, int status, int flagsId) {
      return responseCode == code && grpcStatus == status && responseFlagsId == flagsId;
    }

    @Override
    public int compareTo(Key other) {
      int order = Integer.compare(responseCode, other.responseCode);
      order = order == 0 ? Integer.compare(grpcStatus, other.grpcStatus) : order;
      return order == 0 ? Integer.compare(responseFlagsId, other.responseFlagsId) : order;
    }
  }
}
