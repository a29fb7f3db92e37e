/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.profile;

import dev.sidelight.hop.v1.Header;
import dev.sidelight.probe.event.HeadText;
import dev.sidelight.probe.event.WireHead;
import dev.sidelight.probe.hop.HeaderField;
import dev.sidelight.probe.hop.HopEnd;
import dev.sidelight.probe.hop.HttpHead;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The headers of a request or of a response.
 *
 * @param headers in their order
 * @param isWhole whether these are all
 */
record SampledHead(List<Header> headers, boolean isWhole) {
  /** Values of these never leave the node, whatever a task asks for. */
  static final Set<String> SECRET =
      Set.of("authorization", "proxy-authorization", "cookie", "set-cookie");

  private static final int HEADERS_MAX = 64;
  private static final int NAME_LENGTH_MAX = 64;
  private static final int VALUE_LENGTH_MAX = 256;

  /** Of which nothing was kept. */
  private static final SampledHead UNSEEN = new SampledHead(List.of(), false);

  /**
   * Of an exchange's request.
   *
   * @param initiator null where not seen
   * @param acceptor null where not seen
   * @param values names of headers whose values are told
   */
  static SampledHead ofRequest(HopEnd initiator, HopEnd acceptor, Set<String> values) {
    return of(initiator, initiator == null ? 0 : initiator.points().sendStart(), acceptor, values);
  }

  /** Of its response; parameters as for a request. */
  static SampledHead ofResponse(HopEnd initiator, HopEnd acceptor, Set<String> values) {
    return of(acceptor, acceptor == null ? 0 : acceptor.points().sendStart(), initiator, values);
  }

  /** The sender's own memory is the best witness; of TLS the receiver's will do. */
  private static SampledHead of(HopEnd sender, int position, HopEnd receiver, Set<String> values) {
    if (sender != null && sender.http2StreamId() != 0) {
      return of(sender.fields(), !sender.fields().isEmpty(), values);
    }
    HeadText text = HeadText.NONE;
    if (sender != null) {
      text = sender.socket().sentFrom(position);
      text = text.isEmpty() ? sender.socket().firstHead(WireHead.Kind.PLAIN_SENT) : text;
    }
    if (text.isEmpty() && receiver != null) {
      text = receiver.socket().firstHead(WireHead.Kind.PLAIN_RECEIVED);
    }
    // Also of a sender what it sent last may be a body, of an upload that was answered early.
    return HttpHead.parse(text).isNone() ? UNSEEN : of(text, values);
  }

  private static SampledHead of(HeadText text, Set<String> values) {
    List<HeaderField> fields = new ArrayList<>();
    text.forEachField((name, value) -> fields.add(new HeaderField(name, value)));
    return of(fields, text.headEnd() >= 0, values);
  }

  private static SampledHead of(List<HeaderField> fields, boolean isWhole, Set<String> values) {
    List<Header> headers = new ArrayList<>();
    for (HeaderField field : fields.subList(0, Math.min(fields.size(), HEADERS_MAX))) {
      Header.Builder header = Header.newBuilder().setName(cut(field.name(), NAME_LENGTH_MAX));
      if (isAllowed(field.name(), values)) {
        header.setValue(cut(withoutQuery(field.value()), VALUE_LENGTH_MAX));
      }
      headers.add(header.build());
    }
    return new SampledHead(headers, isWhole && fields.size() <= HEADERS_MAX);
  }

  private static boolean isAllowed(String name, Set<String> values) {
    String lower = name.toLowerCase(Locale.ROOT);
    return values.contains(lower) && !SECRET.contains(lower);
  }

  /** A referer or a location has one, and others may. */
  private static String withoutQuery(String value) {
    return cut(value, value.indexOf('?') < 0 ? value.length() : value.indexOf('?'));
  }

  private static String cut(String text, int lengthMax) {
    return text.length() > lengthMax ? text.substring(0, lengthMax) : text;
  }
}
