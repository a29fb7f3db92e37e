/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.limit;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * So many records a second on the average: what was not used is kept for ten seconds, for records
 * that waited while we were away. One thread.
 */
public final class RecordRate {

  private static final int KEPT_SECONDS = 10;

  // deps
  private final int perSecond;
  private final LongSupplier monotonicNanos;

  // state
  private double room;
  private long lastNanos;

  RecordRate(int perSecond, LongSupplier monotonicNanos) {
    this.perSecond = perSecond;
    this.monotonicNanos = monotonicNanos;
    room = most();
    lastNanos = monotonicNanos.getAsLong();
  }

  private double most() {
    return (double) perSecond * KEPT_SECONDS;
  }

  /** Takes all of them or none. */
  public boolean take(int records) {
    long nowNanos = monotonicNanos.getAsLong();
    double earned = (double) perSecond * (nowNanos - lastNanos) / TimeUnit.SECONDS.toNanos(1);
    room = Math.min(most(), room + earned);
    lastNanos = nowNanos;
    if (records > room) {
      return false;
    }
    room -= records;
    return true;
  }

  /** Records a second. */
  public int perSecond() {
    return perSecond;
  }
}
