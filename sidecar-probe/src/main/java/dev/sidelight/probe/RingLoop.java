/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe;

import dev.sidelight.probe.bpf.ClockReading;
import dev.sidelight.probe.bpf.HopTracer;
import dev.sidelight.probe.bpf.NodeClock;
import dev.sidelight.probe.bpf.TracerCounters;
import dev.sidelight.probe.export.ClockSample;
import dev.sidelight.probe.export.HopUploader;
import dev.sidelight.probe.hop.EndAccounting;
import dev.sidelight.probe.hop.EndAccounting.Loss;
import dev.sidelight.probe.hop.EndPairer;
import dev.sidelight.probe.hop.TurnJoiner;
import dev.sidelight.probe.hop.http2.Http2Streams;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ring thread: all that touches the ring buffer, what makes exchanges, and the clocks, by
 * timer.
 */
final class RingLoop implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RingLoop.class);
  private static final int CLOCK_MILLIS = 100;
  private static final int COUNTERS_MILLIS = 500;
  private static final int CLOSE_SECONDS = 1;

  // deps
  private final ProbeSettings settings;
  private final HopTracer tracer;
  private final TurnJoiner joiner;
  private final EndPairer pairer;
  private final Http2Streams streams;
  private final HopUploader uploader;
  private final EndAccounting accounting;
  private final NodeClock clock = new NodeClock();
  private final ScheduledExecutorService executor =
      Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "hop-ring"));

  // state
  private TracerCounters counted = TracerCounters.NONE;

  RingLoop(
      ProbeSettings settings,
      HopTracer tracer,
      TurnJoiner joiner,
      EndPairer pairer,
      Http2Streams streams,
      HopUploader uploader,
      EndAccounting accounting) {
    this.settings = settings;
    this.tracer = tracer;
    this.joiner = joiner;
    this.pairer = pairer;
    this.streams = streams;
    this.uploader = uploader;
    this.accounting = accounting;
  }

  /**
   * Begins.
   *
   * @param afterPass is run after each look into the ring
   */
  void start(Runnable afterPass) {
    every(CLOCK_MILLIS, this::sampleClock);
    every(
        settings.consumeMillis(),
        () -> {
          consume();
          afterPass.run();
        });
    every(settings.idleFlushMillis(), tracer::flushIdle);
    every(COUNTERS_MILLIS, this::countLosses);
  }

  /** Stops, and takes what the ring still holds. */
  @Override
  public void close() {
    executor.shutdown();
    try {
      executor.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    guarded(tracer::flushIdle);
    guarded(tracer::consume);
    guarded(streams::close);
    guarded(() -> joiner.flush(System.nanoTime()));
    guarded(() -> pairer.expire(Long.MAX_VALUE));
    guarded(this::countLosses);
  }

  private void consume() {
    tracer.consume();
    long now = System.nanoTime();
    joiner.expire(now);
    pairer.expire(now);
    streams.expire(now);
  }

  private void sampleClock() {
    ClockReading reading = clock.read();
    uploader.offer(
        new ClockSample(
            reading.monotonicNanos(), reading.epochOffsetNanos(), reading.uncertaintyNanos()));
  }

  private void countLosses() {
    TracerCounters now = tracer.counters();
    accounting.lostUnseen(Loss.RING_FULL, now.ringFull() - counted.ringFull());
    accounting.lostUnseen(Loss.MAP_FULL, now.storageFull() - counted.storageFull());
    counted = now;
  }

  // The tasks catch what they throw.
  @SuppressWarnings("FutureReturnValueIgnored")
  private void every(int millis, Runnable task) {
    executor.scheduleWithFixedDelay(() -> guarded(task), 0, millis, TimeUnit.MILLISECONDS);
  }

  /** A scheduled task that throws is never run again. */
  private static void guarded(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      LOG.error("a pass failed", e);
    }
  }
}
