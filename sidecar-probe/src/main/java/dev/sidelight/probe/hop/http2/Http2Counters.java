/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.hop.http2;

import java.util.concurrent.atomic.LongAdder;

/**
 * What could not be told of HTTP/2 connections and streams. No part of the ends' equality. Any
 * thread.
 */
public final class Http2Counters {
  private final LongAdder chunks = new LongAdder();
  private final LongAdder streams = new LongAdder();
  private final LongAdder hpackLost = new LongAdder();
  private final LongAdder gaps = new LongAdder();
  private final LongAdder unfinished = new LongAdder();
  private final LongAdder evicted = new LongAdder();
  private final LongAdder alone = new LongAdder();

  void chunk() {
    chunks.increment();
  }

  void stream() {
    streams.increment();
  }

  void hpackLost() {
    hpackLost.increment();
  }

  void gap() {
    gaps.increment();
  }

  void unfinished() {
    unfinished.increment();
  }

  void evicted() {
    evicted.increment();
  }

  void alone() {
    alone.increment();
  }

  /** Records of HTTP/2 connections that came from the kernel. */
  public long chunkCount() {
    return chunks.sum();
  }

  /** Streams that left. */
  public long streamCount() {
    return streams.sum();
  }

  /**
   * Directions of connections whose header table was lost: their streams have no names from there
   * on.
   */
  public long hpackLostCount() {
    return hpackLost.sum();
  }

  /** Times that frames or entries of a connection were missing. */
  public long gapCount() {
    return gaps.sum();
  }

  /** Streams that left before all of their points were known. */
  public long unfinishedCount() {
    return unfinished.sum();
  }

  /** Streams and connections that left since there were too many. */
  public long evictedCount() {
    return evicted.sum();
  }

  /** Connections of which only one end was seen. */
  public long aloneCount() {
    return alone.sum();
  }
}
