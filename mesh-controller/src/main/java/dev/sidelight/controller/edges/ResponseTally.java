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

/** Calls by response code and flags. One thread. */
final class ResponseTally {

  // state
  private final Map<Long, Long> requestsByKey = new TreeMap<>();

  void add(int responseCode, int responseFlagsId, long requests) {
    requestsByKey.merge((long) responseCode << Integer.SIZE | responseFlagsId, requests, Long::sum);
  }

  void pack(VarintBuffer out) {
    out.put(requestsByKey.size());
    requestsByKey.forEach(
        (key, requests) -> {
          out.put(key >> Integer.SIZE);
          out.put(key & 0xFFFF_FFFFL);
          out.put(requests);
        });
  }

  List<ResponseCount> toCounts(IntFunction<String> responseFlags) {
    return requestsByKey.entrySet().stream()
        .map(
            entry ->
                new ResponseCount(
                    (int) (entry.getKey() >> Integer.SIZE),
                    responseFlags.apply(entry.getKey().intValue()),
                    entry.getValue()))
        .collect(Collectors.toUnmodifiableList());
  }
}
