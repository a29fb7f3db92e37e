/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.edges;

import dev.sidelight.correlator.CorrelatedRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One edge's last 1,024 seconds, a slot each. The newest are open; {@link #packBefore} packs the
 * others. Written by one thread, read by any: each method holds the edge's lock for as long as it
 * takes to copy references, decoding is the reader's.
 */
final class EdgeSeconds {

  static final int SLOTS = 1024;

  /** Codes come from the network: beyond so many kinds of flags on an edge they are merged. */
  private static final int MAX_RESPONSE_FLAGS = 64;

  private static final String MERGED_FLAGS = "other";
  private static final long NEVER = Long.MIN_VALUE;

  // state
  private final long[] epochSeconds = new long[SLOTS];
  private final byte[][] packed = new byte[SLOTS][];
  private final OpenSecond[] open = new OpenSecond[SLOTS];
  private final List<String> responseFlags = new ArrayList<>(List.of(MERGED_FLAGS));
  private long newestEpochSecond = NEVER;
  private long packedBytes;
  private long thinnedBeforeEpochSecond = NEVER;
  private Principals principals = Principals.NONE;

  EdgeSeconds() {
    Arrays.fill(epochSeconds, NEVER);
  }

  synchronized void record(CorrelatedRequest call, long epochSecond) {
    int slot = slot(epochSecond);
    if (epochSeconds[slot] != epochSecond) {
      clear(slot);
      epochSeconds[slot] = epochSecond;
    }
    if (open[slot] == null) {
      open[slot] = reopened(slot);
    }
    open[slot].add(call, responseFlagsId(call.responseFlags()));
    newestEpochSecond = Math.max(newestEpochSecond, epochSecond);
    if (call.isMutualTls() && !principals.areOf(call)) {
      principals = Principals.of(call);
    }
  }

  /** Packs what is open and older, and drops what is older than the slots reach. */
  synchronized void packBefore(long epochSecond) {
    for (int slot = 0; slot < SLOTS; slot++) {
      if (epochSeconds[slot] == NEVER) {
        continue;
      }
      if (epochSeconds[slot] <= newestEpochSecond - SLOTS) {
        clear(slot);
      } else if (open[slot] != null && epochSeconds[slot] < epochSecond) {
        pack(slot);
      }
    }
  }

  /** Drops the buckets of what is older, for good; counts and sums remain. */
  synchronized void thinBefore(long epochSecond) {
    long thinnedUntilNow = thinnedBeforeEpochSecond;
    thinnedBeforeEpochSecond = epochSecond;
    for (int slot = 0; slot < SLOTS; slot++) {
      if (epochSeconds[slot] >= thinnedUntilNow
          && epochSeconds[slot] < epochSecond
          && packed[slot] != null) {
        open[slot] = reopened(slot);
        pack(slot);
      }
    }
  }

  /**
   * Packed seconds from the first to the last, both included, without those nothing happened in.
   */
  synchronized List<byte[]> between(long firstEpochSecond, long lastEpochSecond) {
    List<byte[]> seconds = new ArrayList<>();
    for (long second = firstEpochSecond; second <= lastEpochSecond; second++) {
      int slot = slot(second);
      if (epochSeconds[slot] == second) {
        seconds.add(open[slot] == null ? packed[slot] : packedCopy(slot));
      }
    }
    return seconds;
  }

  synchronized List<String> responseFlags() {
    return List.copyOf(responseFlags);
  }

  /** Those of the last call under mutual TLS. */
  synchronized Principals principals() {
    return principals;
  }

  synchronized long newestEpochSecond() {
    return newestEpochSecond;
  }

  synchronized long packedBytes() {
    return packedBytes;
  }

  private void pack(int slot) {
    packed[slot] = packedCopy(slot);
    packedBytes += packed[slot].length;
    open[slot] = null;
  }

  private byte[] packedCopy(int slot) {
    return open[slot].pack(epochSeconds[slot] >= thinnedBeforeEpochSecond);
  }

  private OpenSecond reopened(int slot) {
    OpenSecond second = new OpenSecond();
    if (packed[slot] != null) {
      SecondCodec.decode(packed[slot], second);
      forgetPacked(slot);
    }
    return second;
  }

  private void clear(int slot) {
    epochSeconds[slot] = NEVER;
    open[slot] = null;
    forgetPacked(slot);
  }

  private void forgetPacked(int slot) {
    if (packed[slot] != null) {
      packedBytes -= packed[slot].length;
      packed[slot] = null;
    }
  }

  private int responseFlagsId(String flags) {
    int id = responseFlags.indexOf(flags);
    if (id >= 0) {
      return id;
    }
    if (responseFlags.size() >= MAX_RESPONSE_FLAGS) {
      return 0;
    }
    responseFlags.add(flags);
    return responseFlags.size() - 1;
  }

  private static int slot(long epochSecond) {
    return (int) Math.floorMod(epochSecond, (long) SLOTS);
  }
}
