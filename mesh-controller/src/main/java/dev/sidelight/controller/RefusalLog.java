/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says what was refused: one line a reason every ten seconds, however many there are; the metrics
 * count them all. Any thread.
 */
final class RefusalLog {

  private static final Logger logger = LoggerFactory.getLogger(RefusalLog.class);

  private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final int LONGEST = 300;

  // deps
  private final LongSupplier monotonicNanos;

  // state
  private final Map<String, AtomicLong> nextNanosBySubject = new ConcurrentHashMap<>();

  RefusalLog(LongSupplier monotonicNanos) {
    this.monotonicNanos = monotonicNanos;
  }

  /**
   * Says it, or stays silent.
   *
   * @param service als or hop
   * @param what what happened to what
   * @param reason label value of the metric that counts it
   * @param peer who sent it
   * @param detail what was wrong; may hold anything, for it comes from the peer
   */
  void say(String service, String what, String reason, String peer, String detail) {
    if (isDue(service + ' ' + reason)) {
      logger.warn(
          "{}: {}, {}: {} (from {}; more of it is only counted for {} s)",
          service,
          what,
          reason,
          printable(detail),
          printable(peer),
          TimeUnit.NANOSECONDS.toSeconds(INTERVAL_NANOS));
    }
  }

  private boolean isDue(String subject) {
    long nowNanos = monotonicNanos.getAsLong();
    AtomicLong nextNanos =
        nextNanosBySubject.computeIfAbsent(subject, unused -> new AtomicLong(nowNanos));
    long next = nextNanos.get();
    return nowNanos - next >= 0 && nextNanos.compareAndSet(next, nowNanos + INTERVAL_NANOS);
  }

  /** A line stays one line, whatever a peer calls itself. */
  private static String printable(String text) {
    String cut = text.length() > LONGEST ? text.substring(0, LONGEST) + "..." : text;
    return cut.replaceAll("\\p{Cntrl}", "?");
  }
}
