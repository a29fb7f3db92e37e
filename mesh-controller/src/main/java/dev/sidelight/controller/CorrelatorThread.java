/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller;

import dev.sidelight.controller.metrics.IngestMetrics;
import dev.sidelight.correlator.Correlator;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The local correlator on its one thread, behind a bounded queue. {@link #offer} is for any thread
 * and never blocks: where the queue is full the record is counted and gone.
 */
final class CorrelatorThread implements AutoCloseable {

  private static final Logger logger = LoggerFactory.getLogger(CorrelatorThread.class);

  private static final long ADVANCE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** So many at a time that the queue's lock costs little, so few that advancing is not late. */
  private static final int BATCH = 512;

  private static final long STOP_MILLIS = 1_000;

  /** A full queue and a full window take less. */
  private static final long DRAIN_MILLIS = 10_000;

  /** Older than any window. */
  private static final long AGE_NANOS = TimeUnit.HOURS.toNanos(1);

  // deps
  private final Correlator correlator;
  private final IngestMetrics metrics;
  private final LongSupplier monotonicNanos;

  // state
  private final BlockingQueue<RoutedRecord> queue;
  private final Thread thread = new Thread(this::run, "sidelight-correlator");
  private volatile boolean stopping;
  private volatile boolean draining;

  CorrelatorThread(
      Correlator correlator, IngestMetrics metrics, int capacity, LongSupplier monotonicNanos) {
    this.correlator = correlator;
    this.metrics = metrics;
    this.queue = new ArrayBlockingQueue<>(capacity);
    this.monotonicNanos = monotonicNanos;
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Hands a record over, or counts it as overflow. */
  void offer(RoutedRecord record) {
    if (!queue.offer(record)) {
      metrics.routerOverflow(record.type(), record.count());
    }
  }

  private void run() {
    List<RoutedRecord> batch = new ArrayList<>(BATCH);
    long nextAdvanceNanos = monotonicNanos.getAsLong() + ADVANCE_NANOS;
    while (!stopping) {
      take(batch, nextAdvanceNanos - monotonicNanos.getAsLong());
      long nowNanos = monotonicNanos.getAsLong();
      for (RoutedRecord record : batch) {
        guard(() -> record.deliver(correlator, nowNanos));
      }
      batch.clear();
      if (draining && queue.isEmpty()) {
        guard(() -> correlator.advance(nowNanos + AGE_NANOS));
        stopping = true;
      } else if (nowNanos >= nextAdvanceNanos) {
        guard(() -> correlator.advance(nowNanos));
        nextAdvanceNanos = nowNanos + ADVANCE_NANOS;
      }
    }
  }

  private void take(List<RoutedRecord> batch, long waitNanos) {
    try {
      RoutedRecord first = queue.poll(Math.max(0, waitNanos), TimeUnit.NANOSECONDS);
      if (first != null) {
        batch.add(first);
        queue.drainTo(batch, BATCH - 1);
      }
    } catch (InterruptedException e) {
      // close() interrupts the wait; the loop looks at stopping.
      Thread.currentThread().interrupt();
      stopping = true;
    }
  }

  /** One record that the correlator stumbles over shall not end the correlation of all others. */
  private void guard(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException e) {
      metrics.correlatorFailure();
      logger.error("the correlator failed; it goes on without that record", e);
    }
  }

  /**
   * Takes what waits in the queue, tells every call as if its window were over, and stops. For when
   * nothing comes any more; waits until it is done, but not for ever.
   */
  void drain() {
    draining = true;
    join(DRAIN_MILLIS);
  }

  /** Stops within a second; what waits in the queue is lost with the window. */
  @Override
  public void close() {
    stopping = true;
    thread.interrupt();
    join(STOP_MILLIS);
  }

  private void join(long millis) {
    try {
      thread.join(millis);
    } catch (InterruptedException e) {
      // Whoever stops us is in a hurry; the thread is a daemon.
      Thread.currentThread().interrupt();
    }
  }
}
