/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Whether each of the probe's threads still gets through its work. Nothing of the controller's: a
 * probe that has nobody to tell is not cured by a restart. Any thread.
 */
final class Health {
  /** Beyond what a look at a large node's /proc takes on a busy machine. */
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final LongSupplier nanoTime;
  private final List<Pulse> pulses = new CopyOnWriteArrayList<>();

  /** A thread's; it beats at the end of each pass. */
  final class Pulse {
    private final String thread;
    private final long patienceNanos;
    private volatile long beatAtNanos = nanoTime.getAsLong();

    private Pulse(String thread, long patienceNanos) {
      this.thread = thread;
      this.patienceNanos = patienceNanos;
    }

    void beat() {
      beatAtNanos = nanoTime.getAsLong();
    }

    private long silentNanos() {
      return nanoTime.getAsLong() - beatAtNanos;
    }
  }

  Health(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /**
   * A thread begins its work.
   *
   * @param thread its name
   * @param millis it rests so long between two passes
   */
  Pulse pulse(String thread, int millis) {
    Pulse pulse = new Pulse(thread, PATIENCE_NANOS + TimeUnit.MILLISECONDS.toNanos(millis));
    pulses.add(pulse);
    return pulse;
  }

  /** What is wrong, a sentence each; empty where nothing is. */
  List<String> complaints() {
    return pulses.stream()
        .filter(pulse -> pulse.silentNanos() > pulse.patienceNanos)
        .map(
            pulse ->
                pulse.thread
                    + " has done nothing for "
                    + TimeUnit.NANOSECONDS.toSeconds(pulse.silentNanos())
                    + " s")
        .toList();
  }
}
