/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe;

import dev.sidelight.probe.bpf.DropCount;
import dev.sidelight.probe.bpf.TransportReader;
import dev.sidelight.probe.profile.Profiles;
import dev.sidelight.probe.transport.ConnectionTable;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The transport thread: takes what connections carry from the kernel to the table, by timer, and
 * when a profile is due.
 */
final class TransportLoop implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TransportLoop.class);
  private static final int ENDED_MILLIS = 200;
  private static final int CLOSE_SECONDS = 2;

  // deps
  private final TransportReader reader;
  private final ConnectionTable table;
  private final Profiles profiles;
  private final int reportMillis;
  private final ScheduledThreadPoolExecutor executor =
      new ScheduledThreadPoolExecutor(1, task -> new Thread(task, "transport"));

  // state
  private ScheduledFuture<?> nextProfile;

  TransportLoop(
      TransportReader reader, ConnectionTable table, Profiles profiles, int reportMillis) {
    this.reader = reader;
    this.table = table;
    this.profiles = profiles;
    this.reportMillis = reportMillis;
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /**
   * Begins.
   *
   * @param afterPass is run after each look at connections that have ended
   */
  void start(Runnable afterPass) {
    every(
        Math.min(ENDED_MILLIS, reportMillis),
        () -> {
          reader.readEnded();
          afterPass.run();
        });
    every(reportMillis, this::report);
  }

  /** Looks when a profile is due; any thread. */
  void wake() {
    if (!executor.isShutdown()) {
      executor.execute(this::profile);
    }
  }

  /** Stops, and counts what there still is. */
  @Override
  public void close() {
    executor.shutdown();
    try {
      executor.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    guarded(this::report);
    reader.close();
  }

  private void profile() {
    guarded(
        () -> {
          if (profiles.isDue()) {
            report();
            profiles.report();
          }
        });
    if (nextProfile != null) {
      nextProfile.cancel(false);
    }
    profiles
        .nanosUntilDue()
        .ifPresent(
            nanos -> nextProfile = executor.schedule(this::profile, nanos, TimeUnit.NANOSECONDS));
  }

  private void report() {
    // Open ones first: who ends meanwhile leaves a later record in the ring.
    reader.readOpen();
    reader.readEnded();
    for (DropCount drop : reader.drops()) {
      if (!table.drop(drop.cookie(), drop.netns(), drop.reason(), drop.packets())) {
        reader.forget(drop);
      }
    }
    table.kernelLost(reader.losses());
    table.settle();
  }

  // The tasks catch what they throw.
  @SuppressWarnings("FutureReturnValueIgnored")
  private void every(int millis, Runnable task) {
    executor.scheduleWithFixedDelay(() -> guarded(task), millis, millis, TimeUnit.MILLISECONDS);
  }

  /** A scheduled task that throws is never run again. */
  private static void guarded(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      LOG.error("a pass over connections failed", e);
    }
  }
}
