/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.export;

import java.util.List;

/**
 * A batch with its number. It keeps the number when its exchanges had to be dropped: the controller
 * takes a gap for a loss of its own.
 *
 * @param sequence from 1
 * @param exchanges what it carries
 * @param clockSamples of the time since the batch before
 * @param series growth of connections, written: told once, and kept until then
 * @param newEnds ends that count when it is acknowledged or dropped
 */
record UploadBatch(
    long sequence,
    List<QueuedExchange> exchanges,
    List<ClockSample> clockSamples,
    List<byte[]> series,
    int newEnds) {

  UploadBatch withoutExchanges() {
    return new UploadBatch(sequence, List.of(), clockSamples, series, 0);
  }
}
