/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.event;

/**
 * Something that happened to a socket.
 *
 * @param atNanos CLOCK_MONOTONIC
 * @param position TCP sequence number: of a send, where its bytes begin; of an arrival, after the
 *     last byte in the socket; of a read, after the last byte read
 * @param flags {@link #ALERT}, {@link #PLAIN}
 */
public record IoEntry(long atNanos, int position, int flags) {
  /** A TLS alert alone: sent, known by its bytes; arrived, by its size. */
  public static final int ALERT = 1;

  /** TLS bytes of an application's SSL_read or SSL_write, rather than of a handshake. */
  public static final int PLAIN = 2;

  /** Whether it is an alert, or may be one. */
  public boolean isAlert() {
    return (flags & ALERT) != 0;
  }

  /** Whether it carries an application's plaintext. */
  public boolean isPlain() {
    return (flags & PLAIN) != 0;
  }
}
