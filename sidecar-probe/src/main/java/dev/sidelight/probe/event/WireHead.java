/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.event;

/**
 * First bytes of a message, or of a frame.
 *
 * @param kind which
 * @param position TCP sequence number of its first byte; of plaintext, of the TLS bytes around it
 * @param text as many of its bytes as were kept
 */
public record WireHead(Kind kind, int position, HeadText text) {

  /** Where the bytes come from. */
  public enum Kind {
    /** Sent by this end as they are. */
    SENT,
    /** Sent through OpenSSL. */
    PLAIN_SENT,
    /** Received through OpenSSL. */
    PLAIN_RECEIVED,
    /** A frame of HTTP/2 that this end sent: 9 bytes, and the payload of HEADERS. */
    FRAME
  }
}
