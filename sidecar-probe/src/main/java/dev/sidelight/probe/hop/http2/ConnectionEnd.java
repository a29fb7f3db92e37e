/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.hop.http2;

import dev.sidelight.probe.event.Io;
import dev.sidelight.probe.event.IoEntry;
import dev.sidelight.probe.event.WireRecord;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Headers;
import java.util.List;
import java.util.Optional;

/**
 * One end of a connection: when its bytes passed, and what frames it sent. Chunks come in their
 * order. One thread.
 */
final class ConnectionEnd {
  /** Of more entries than these the kernel kept the first two and the last two. */
  private static final int ENTRIES_KNOWN = 4;

  // deps
  private final Chunk first;
  private final HeaderDecoder headers;
  private final FrameReader frames;

  // state
  private final Timeline sends = new Timeline();
  private final Timeline arrivals = new Timeline();
  private final Timeline reads = new Timeline();
  private Chunk last;
  private IoEntry lastSend;
  private boolean closed;
  private int retransmits;
  private int drops;

  /**
   * An end that has taken nothing yet.
   *
   * @param first of its chunks, which says whose it is
   */
  ConnectionEnd(Chunk first, FrameReader.Sink sink, Http2Counters counters) {
    this.first = first;
    frames = new FrameReader(sink);
    headers = new HeaderDecoder(counters);
    if (first.record().establishedNanos() == 0) {
      headers.lose();
    }
  }

  /** Takes a chunk; true where some before it are missing. */
  boolean take(Chunk chunk) {
    boolean again = last != null && chunk.index() == last.index();
    int expected = last == null ? 0 : last.index() + 1;
    boolean missing = !again && chunk.index() != expected;
    if (missing) {
      lose();
    }
    addSends(chunk, again ? last.sends().size() : 0);
    add(
        arrivals,
        chunk.arrivals(),
        again ? last.arrivals().size() : 0,
        chunk.record().count(Io.ARRIVAL));
    add(reads, chunk.reads(), again ? last.reads().size() : 0, chunk.record().count(Io.READ));
    retransmits += chunk.record().retransmits() - (again ? last.record().retransmits() : 0);
    drops += chunk.record().drops() - (again ? last.record().drops() : 0);
    for (int i = again ? last.frames().size() : 0; i < chunk.frames().size(); i++) {
      frames.accept(chunk.frames().get(i));
    }
    last = chunk;
    closed |= chunk.isClosed();
    return missing;
  }

  /** Of a frame that this end sent. */
  Optional<Http2Headers> decode(Frame frame) {
    return headers.accept(frame);
  }

  /** Frames that this end sent were not seen. */
  void loseHeaders() {
    headers.lose();
  }

  /** Of the chunk that came first: addresses and ports. */
  WireRecord identity() {
    return first.record();
  }

  String process() {
    return first.process();
  }

  boolean isClosed() {
    return closed;
  }

  Timeline sends() {
    return sends;
  }

  Timeline arrivals() {
    return arrivals;
  }

  Timeline reads() {
    return reads;
  }

  int smoothedRttMicros() {
    return last.record().smoothedRttMicros();
  }

  /** Since it was first seen. */
  int retransmits() {
    return retransmits;
  }

  /** Since it was first seen. */
  int drops() {
    return drops;
  }

  private void lose() {
    sends.gap();
    arrivals.gap();
    reads.gap();
    lastSend = null;
    headers.lose();
    frames.gap();
  }

  /**
   * A send covers the bytes up to the next one's; if it is the last, what had been sent by then.
   */
  private void addSends(Chunk chunk, int known) {
    for (int i = known; i < chunk.sends().size(); i++) {
      IoEntry send = chunk.sends().get(i);
      if (lastSend != null) {
        sends.add(send.position(), lastSend.atNanos());
      } else {
        sends.begin(send.position());
      }
      lastSend = send;
    }
    if (lastSend != null && chunk.record().sendEnd() - lastSend.position() > 0) {
      sends.add(chunk.record().sendEnd(), lastSend.atNanos());
    }
  }

  private static void add(Timeline times, List<IoEntry> entries, int known, int count) {
    for (int i = known; i < entries.size(); i++) {
      if (i == ENTRIES_KNOWN / 2 && count > ENTRIES_KNOWN) {
        times.gap();
      }
      times.add(entries.get(i).position(), entries.get(i).atNanos());
    }
  }
}
