/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.hop;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The last batch that was taken of each probe's life, so that one that is sent again after a broken
 * stream is not counted again. Bounded: the probe that was silent longest is forgotten first. Any
 * thread.
 */
final class TakenBatches {

  private static final int MOST_PROBES = 4096;

  // state
  private final Map<String, Long> lastSequenceByInstance =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
          return size() > MOST_PROBES;
        }
      };

  /**
   * Takes a batch's number.
   *
   * @return how many before it are missing, -1 where it was taken before
   */
  synchronized long take(String probeInstanceId, long sequence) {
    Long last = lastSequenceByInstance.get(probeInstanceId);
    if (last != null && sequence <= last) {
      return -1;
    }
    lastSequenceByInstance.put(probeInstanceId, sequence);
    // Of a probe that we do not know, what came before went to a controller before us.
    return last == null ? 0 : sequence - last - 1;
  }
}
