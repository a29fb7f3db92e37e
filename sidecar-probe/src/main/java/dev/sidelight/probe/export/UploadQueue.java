/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.export;

import dev.sidelight.probe.hop.EndAccounting;
import dev.sidelight.probe.hop.EndAccounting.Loss;
import dev.sidelight.probe.hop.HopExchange;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What waits to be acknowledged by the controller. Bounded by ends: the oldest are dropped first,
 * and counted. Exchanges and samples are offered from any thread without waiting; all else belongs
 * to the export thread.
 */
final class UploadQueue {
  /** Keeps a message far below 4 MiB, and little of it in the transport's buffers. */
  private static final int BYTES_PER_BATCH = 256 * 1024;

  /** Ten minutes of them. */
  private static final int CLOCK_SAMPLES_MAX = 6000;

  // deps
  private final int endsMax;
  private final EndAccounting accounting;
  private final ExchangeWriter writer = new ExchangeWriter();

  // state
  private final Queue<QueuedExchange> offered = new ConcurrentLinkedQueue<>();
  private final Queue<ClockSample> offeredSamples = new ConcurrentLinkedQueue<>();
  private final AtomicInteger ends = new AtomicInteger();
  private final Deque<QueuedExchange> pending = new ArrayDeque<>();
  private final Deque<ClockSample> samples = new ArrayDeque<>();
  private final Deque<byte[]> series = new ArrayDeque<>();
  private final AtomicInteger untoldSeries = new AtomicInteger();
  private final Deque<UploadBatch> unacknowledged = new ArrayDeque<>();
  private long lastSequence;

  UploadQueue(int endsMax, EndAccounting accounting) {
    this.endsMax = endsMax;
    this.accounting = accounting;
  }

  void offer(HopExchange exchange) {
    QueuedExchange queued;
    // In practice there is one thread that offers.
    synchronized (writer) {
      queued = QueuedExchange.of(exchange, writer);
    }
    ends.addAndGet(queued.newEnds());
    offered.add(queued);
  }

  void offer(ClockSample sample) {
    offeredSamples.add(sample);
  }

  /** Takes what series have grown by; from the export thread, when none is untold. */
  void offerSeries(List<byte[]> messages) {
    untoldSeries.addAndGet(messages.size());
    series.addAll(messages);
  }

  /** Series not acknowledged, sent or not. */
  int untoldSeriesCount() {
    return untoldSeries.get();
  }

  /** Ends waiting, sent or not. */
  int endCount() {
    return ends.get();
  }

  int unacknowledgedCount() {
    return unacknowledged.size();
  }

  boolean hasPending() {
    return !pending.isEmpty() || !samples.isEmpty() || !series.isEmpty();
  }

  /** Takes in what was offered, and drops the oldest of what is too much. */
  void settle() {
    for (QueuedExchange next = offered.poll(); next != null; next = offered.poll()) {
      pending.add(next);
    }
    for (ClockSample next = offeredSamples.poll(); next != null; next = offeredSamples.poll()) {
      samples.add(next);
    }
    while (samples.size() > CLOCK_SAMPLES_MAX) {
      samples.removeFirst();
    }
    if (ends.get() > endsMax) {
      dropUnacknowledged();
    }
    while (ends.get() > endsMax && !pending.isEmpty()) {
      lose(Loss.QUEUE_FULL, pending.removeFirst().newEnds());
    }
  }

  /** The next batch, numbered; it stays unacknowledged from here on. */
  UploadBatch nextBatch() {
    List<QueuedExchange> exchanges = new ArrayList<>();
    int newEnds = 0;
    int bytes = 0;
    List<byte[]> told = new ArrayList<>();
    while (!series.isEmpty() && bytes < BYTES_PER_BATCH) {
      byte[] next = series.removeFirst();
      told.add(next);
      bytes += next.length;
    }
    while (!pending.isEmpty() && bytes < BYTES_PER_BATCH) {
      QueuedExchange next = pending.removeFirst();
      exchanges.add(next);
      newEnds += next.newEnds();
      bytes += next.bytes().length;
    }
    UploadBatch batch =
        new UploadBatch(++lastSequence, exchanges, new ArrayList<>(samples), told, newEnds);
    samples.clear();
    unacknowledged.add(batch);
    return batch;
  }

  /** What was sent and not acknowledged, oldest first. */
  List<UploadBatch> unacknowledged() {
    return new ArrayList<>(unacknowledged);
  }

  /** The controller has this batch and all before it. */
  void acknowledge(long sequence) {
    while (!unacknowledged.isEmpty() && unacknowledged.getFirst().sequence() <= sequence) {
      UploadBatch batch = unacknowledged.removeFirst();
      ends.addAndGet(-batch.newEnds());
      accounting.sent(batch.newEnds());
      untoldSeries.addAndGet(-batch.series().size());
    }
  }

  /** Nothing more will be sent. */
  void abandon() {
    settle();
    for (UploadBatch batch : unacknowledged) {
      lose(Loss.SHUTDOWN, batch.newEnds());
    }
    unacknowledged.clear();
    while (!pending.isEmpty()) {
      lose(Loss.SHUTDOWN, pending.removeFirst().newEnds());
    }
  }

  private void dropUnacknowledged() {
    List<UploadBatch> batches = unacknowledged();
    unacknowledged.clear();
    for (UploadBatch batch : batches) {
      if (ends.get() > endsMax && batch.newEnds() > 0) {
        lose(Loss.QUEUE_FULL, batch.newEnds());
        unacknowledged.add(batch.withoutExchanges());
      } else {
        unacknowledged.add(batch);
      }
    }
  }

  private void lose(Loss reason, int newEnds) {
    ends.addAndGet(-newEnds);
    accounting.lost(reason, newEnds);
  }
}
