/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.limit;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/** Bounds of one ingest. Any thread. */
public final class StreamLimits {

  // deps
  private final int maxStreams;
  private final int recordsPerSecond;
  private final LongSupplier monotonicNanos;

  // state
  private final AtomicInteger open = new AtomicInteger();

  /**
   * Bounds.
   *
   * @param maxStreams open at once
   * @param recordsPerSecond of each stream
   * @param monotonicNanos a clock
   */
  public StreamLimits(int maxStreams, int recordsPerSecond, LongSupplier monotonicNanos) {
    this.maxStreams = maxStreams;
    this.recordsPerSecond = recordsPerSecond;
    this.monotonicNanos = monotonicNanos;
  }

  /** Counts a stream; false where it is one too many, and not counted. */
  public boolean open() {
    if (open.incrementAndGet() <= maxStreams) {
      return true;
    }
    open.decrementAndGet();
    return false;
  }

  /** A stream that was counted has ended. */
  public void close() {
    open.decrementAndGet();
  }

  /** How many may be open at once. */
  public int maxStreams() {
    return maxStreams;
  }

  /** The bound of one stream. */
  public RecordRate rate() {
    return new RecordRate(recordsPerSecond, monotonicNanos);
  }
}
