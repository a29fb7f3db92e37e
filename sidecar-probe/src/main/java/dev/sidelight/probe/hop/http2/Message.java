/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.hop.http2;

/** One direction of a stream: its frames' positions, and when they passed. */
final class Message {
  private Passage sent = new Passage();
  private Passage arrived = new Passage();
  private Passage read = new Passage();
  private boolean begun;
  private boolean ended;
  private boolean endAnnounced;
  private int start;
  private int end;

  /**
   * Takes the next frame of it.
   *
   * @param sender who sent it
   * @param receiver null where not seen
   */
  void add(Frame frame, ConnectionEnd sender, ConnectionEnd receiver) {
    if (!begun) {
      begun = true;
      start = frame.position();
      sent.begin(sender.sends(), start);
      if (receiver != null) {
        arrived.begin(receiver.arrivals(), start);
        read.begin(receiver.reads(), start);
      }
    }
    end = frame.end();
    sent.extend(sender.sends(), end);
    if (receiver != null) {
      arrived.extend(receiver.arrivals(), end);
      read.extend(receiver.reads(), end);
    }
    endAnnounced |= frame.type() <= Frame.HEADERS && frame.has(Frame.END_STREAM);
    boolean headersFollow = frame.isOfHeaders() && !frame.has(Frame.END_HEADERS);
    ended |= frame.type() == Frame.RST_STREAM || (endAnnounced && !headersFollow);
  }

  /** What was taken was an interim response: the message proper is yet to come. */
  void restart() {
    begun = false;
    endAnnounced = false;
    sent = new Passage();
    arrived = new Passage();
    read = new Passage();
  }

  boolean isBegun() {
    return begun;
  }

  boolean isEnded() {
    return ended;
  }

  /** Whether an answer is still awaited. */
  boolean isOpen() {
    return sent.isOpen() || arrived.isOpen() || read.isOpen();
  }

  Passage sent() {
    return sent;
  }

  Passage arrived() {
    return arrived;
  }

  Passage read() {
    return read;
  }

  /** Position of its first byte. */
  int start() {
    return start;
  }

  /** Position after its last byte. */
  int end() {
    return end;
  }
}
