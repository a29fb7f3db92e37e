/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.hop;

import dev.sidelight.probe.event.WireHead;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A request among those of one turn, where a client did not wait for a response before it sent the
 * next (pipelining, RFC 9112, 9.3.2).
 *
 * @param position of its first byte
 * @param head what is taken of it
 */
record RequestHead(int position, HttpHead head) {
  private static final String BLANK_LINE = "\r\n\r\n";
  private static final String CONTENT_LENGTH = "\r\ncontent-length:";

  /**
   * The requests of an initiator's turn, in order: a head begins where the one before ends with its
   * body, or where a send begins with one. Empty where none was readable.
   */
  static List<RequestHead> of(HopEnd initiator) {
    return isOne(initiator)
        ? List.of(new RequestHead(initiator.points().sendStart(), initiator.head()))
        : read(initiator);
  }

  /** Whether the turn is one head without a body, as most are. */
  private static boolean isOne(HopEnd initiator) {
    if (initiator.head().method().isEmpty()) {
      return false;
    }
    byte[] kept = initiator.socket().firstHead(WireHead.Kind.SENT);
    int sent = initiator.points().sendEnd() - initiator.points().sendStart();
    return kept.length == sent
        && new String(kept, StandardCharsets.ISO_8859_1).indexOf(BLANK_LINE)
            == kept.length - BLANK_LINE.length();
  }

  private static List<RequestHead> read(HopEnd initiator) {
    List<RequestHead> requests = new ArrayList<>();
    int next = initiator.points().sendStart();
    for (WireHead sent : initiator.socket().heads()) {
      if (sent.kind() != WireHead.Kind.SENT) {
        continue;
      }
      String text = HttpHead.textOf(sent);
      int offset = Math.max(0, next - sent.position());
      while (offset < text.length()) {
        HttpHead head = HttpHead.parse(text.substring(offset));
        if (head.method().isEmpty()) {
          break;
        }
        requests.add(new RequestHead(sent.position() + offset, head));
        offset = end(text, offset);
        next = sent.position() + offset;
      }
    }
    return requests;
  }

  /**
   * Where the message ends that begins at this offset; the text's end where that is not to be seen.
   */
  private static int end(String text, int offset) {
    int blank = text.indexOf(BLANK_LINE, offset);
    if (blank < 0) {
      return text.length();
    }
    String head = text.substring(offset, blank + 2).toLowerCase(Locale.ROOT);
    int body = blank + BLANK_LINE.length();
    if (head.contains("\r\ntransfer-encoding:")) {
      return text.length();
    }
    int length = head.indexOf(CONTENT_LENGTH);
    if (length < 0) {
      return body;
    }
    int from = length + CONTENT_LENGTH.length();
    String digits = head.substring(from, head.indexOf('\r', from)).trim();
    return digits.matches("\\d{1,9}") ? body + Integer.parseInt(digits) : text.length();
  }
}
