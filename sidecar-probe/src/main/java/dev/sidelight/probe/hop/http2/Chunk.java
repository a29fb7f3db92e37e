/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.hop.http2;

import dev.sidelight.probe.event.IoEntry;
import dev.sidelight.probe.event.WireHead;
import dev.sidelight.probe.event.WireRecord;
import java.util.List;

/**
 * What the kernel recorded of one end of an HTTP/2 connection during some time. A copy made while
 * the connection lay idle comes again, longer, under the same index.
 *
 * @param record as the kernel wrote it
 * @param process executable's name of the socket's owner
 * @param sends where the bytes of each send begin
 * @param arrivals position after what has arrived
 * @param reads position after what was read
 * @param frames pieces of frames that this end sent
 */
record Chunk(
    WireRecord record,
    String process,
    List<IoEntry> sends,
    List<IoEntry> arrivals,
    List<IoEntry> reads,
    List<WireHead> frames) {

  static Chunk of(WireRecord record, String process) {
    List<WireHead> frames =
        record.heads().stream().filter(head -> head.kind() == WireHead.Kind.FRAME).toList();
    return new Chunk(record, process, record.sends(), record.arrivals(), record.reads(), frames);
  }

  long cookie() {
    return record.cookie();
  }

  int index() {
    return record.exchangeIndex();
  }

  boolean isInitiator() {
    return record.isInitiator();
  }

  boolean isClosed() {
    return (record.flags() & WireRecord.CLOSED) != 0;
  }
}
