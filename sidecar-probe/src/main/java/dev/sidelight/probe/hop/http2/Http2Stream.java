/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.hop.http2;

/** A request and its response on one stream. */
final class Http2Stream {
  private final int id;
  private final int ordinal;
  private final Losses lossesBefore;
  private final Message request = new Message();
  private final Message response = new Message();
  private final StreamNames names;
  private long untilNanos;

  /**
   * A stream that has just begun.
   *
   * @param ordinal counts the streams of the connection from 0
   * @param lossesBefore of the connection
   * @param keepsFields whether the headers themselves are wanted
   */
  Http2Stream(int id, int ordinal, Losses lossesBefore, boolean keepsFields) {
    names = new StreamNames(keepsFields);
    this.id = id;
    this.ordinal = ordinal;
    this.lossesBefore = lossesBefore;
  }

  int id() {
    return id;
  }

  int ordinal() {
    return ordinal;
  }

  Losses lossesBefore() {
    return lossesBefore;
  }

  Message request() {
    return request;
  }

  Message response() {
    return response;
  }

  StreamNames names() {
    return names;
  }

  /** Nothing more is awaited, of frames or of times. */
  boolean isComplete() {
    return request.isEnded() && response.isEnded() && !request.isOpen() && !response.isOpen();
  }

  /** It ends soon, whatever is still awaited. */
  void closeBy(long nanos) {
    untilNanos = nanos;
  }

  boolean isClosing() {
    return untilNanos != 0;
  }

  long untilNanos() {
    return untilNanos;
  }
}
