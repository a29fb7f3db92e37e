/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.hop;

import dev.sidelight.probe.event.HeadText;
import dev.sidelight.probe.event.WireHead;
import java.util.ArrayList;
import java.util.List;

/**
 * A request among those of one turn, where a client did not wait for a response before it sent the
 * next (pipelining, RFC 9112, 9.3.2).
 *
 * @param position of its first byte
 * @param head what is taken of it
 */
record RequestHead(int position, HttpHead head) {
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
    HeadText kept = initiator.socket().firstHead(WireHead.Kind.SENT);
    int sent = initiator.points().sendEnd() - initiator.points().sendStart();
    return kept.length() == sent && kept.headEnd() == sent;
  }

  private static List<RequestHead> read(HopEnd initiator) {
    List<RequestHead> requests = new ArrayList<>();
    int next = initiator.points().sendStart();
    for (WireHead sent : initiator.socket().heads()) {
      if (sent.kind() != WireHead.Kind.SENT) {
        continue;
      }
      int offset = Math.max(0, next - sent.position());
      while (offset < sent.text().length()) {
        HeadText text = sent.text().from(offset);
        HttpHead head = HttpHead.parse(text);
        if (head.method().isEmpty()) {
          break;
        }
        requests.add(new RequestHead(sent.position() + offset, head));
        offset += messageLength(text);
        next = sent.position() + offset;
      }
    }
    return requests;
  }

  /** Length of the message that begins here; all of the text where its end is not to be seen. */
  private static int messageLength(HeadText text) {
    int headEnd = text.headEnd();
    if (headEnd < 0 || !text.field("transfer-encoding").isEmpty()) {
      return text.length();
    }
    String length = text.field("content-length");
    if (length.isEmpty()) {
      return headEnd;
    }
    return length.matches("\\d{1,9}") ? headEnd + Integer.parseInt(length) : text.length();
  }
}
