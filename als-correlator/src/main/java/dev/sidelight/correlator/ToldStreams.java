/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

/**
 * The streams whose entry has left, for at least a window and at most two: an entry that comes
 * again, by another logger or on another stream of the same Envoy, is not counted again. A stream
 * is 64 bits, of which two that differ are the same once in 10^8 windows of 400,000 entries. One
 * thread.
 */
final class ToldStreams {

  // deps
  private final long windowNanos;

  // state
  private LongSet young = new LongSet();
  private LongSet old = new LongSet();
  private long turnNanos;

  ToldStreams(long windowNanos) {
    this.windowNanos = windowNanos;
  }

  void add(AccessLogEntry entry) {
    young.add(hash(entry));
  }

  boolean has(AccessLogEntry entry) {
    long hash = hash(entry);
    return young.has(hash) || old.has(hash);
  }

  /** Forgets what has been told before the last window. */
  void advance(long nowNanos) {
    if (nowNanos - turnNanos >= windowNanos) {
      LongSet emptied = old;
      old = young;
      young = emptied;
      young.clear();
      turnNanos = nowNanos;
    }
  }

  /** Of what two entries of one stream have in common, whichever logger wrote them. */
  private static long hash(AccessLogEntry entry) {
    long hash = mix(mix(entry.streamKey()) + entry.startEpochNanos());
    hash = mix(hash + entry.downstreamRemote().hashCode());
    hash = mix(hash + entry.proxy().nodeId().hashCode());
    return hash == LongSet.NONE ? 1 : hash;
  }

  /** The finaliser of SplitMix64, which spreads each bit over all. */
  private static long mix(long value) {
    long mixed = (value ^ value >>> 30) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ mixed >>> 27) * 0x94D049BB133111EBL;
    return mixed ^ mixed >>> 31;
  }

  /** Open addressing with linear steps, at most half full; hashes are well spread already. */
  private static final class LongSet {
    private static final long NONE = 0;
    private static final int SLOTS_MIN = 1 << 10;

    private long[] slots = new long[SLOTS_MIN];
    private int size;

    private void add(long hash) {
      if (2 * size >= slots.length) {
        grow();
      }
      int at = slot(hash);
      if (slots[at] == NONE) {
        slots[at] = hash;
        size++;
      }
    }

    private boolean has(long hash) {
      return slots[slot(hash)] == hash;
    }

    /** Where it is, or would be. */
    private int slot(long hash) {
      int mask = slots.length - 1;
      int at = (int) hash & mask;
      while (slots[at] != NONE && slots[at] != hash) {
        at = at + 1 & mask;
      }
      return at;
    }

    /** Keeps no more room than its last filling needed. */
    private void clear() {
      slots = new long[Math.max(SLOTS_MIN, Integer.highestOneBit(Math.max(1, size)) << 2)];
      size = 0;
    }

    private void grow() {
      long[] smaller = slots;
      slots = new long[2 * smaller.length];
      for (long hash : smaller) {
        if (hash != NONE) {
          slots[slot(hash)] = hash;
        }
      }
    }
  }
}
