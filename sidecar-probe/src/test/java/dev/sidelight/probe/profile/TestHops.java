/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.profile;

import dev.sidelight.probe.event.TestRecords;
import dev.sidelight.probe.event.WireHead;
import dev.sidelight.probe.event.WireRecord;
import dev.sidelight.probe.hop.HopEnd;
import dev.sidelight.probe.hop.HopExchange;
import dev.sidelight.probe.hop.HttpHead;

/** Exchanges with their heads. */
final class TestHops {
  /** The pod that they are seen in. */
  static final int NETNS = 7;

  private TestHops() {}

  /** One that is answered by 503; its initiator saw it take 75 ns. */
  static HopExchange failing(int index) {
    return of(
        index, "GET /reviews/7?token=s HTTP/1.1\r\nhost: reviews\r\n\r\n", "503 Down\r\n\r\n");
  }

  /** One with these heads, the second without its version. */
  static HopExchange of(int index, String request, String response) {
    return HopExchange.pair(
        end(TestRecords.initiator(1).index(index).head(request), "envoy"),
        end(TestRecords.acceptor(2).index(index).head("HTTP/1.1 " + response), "java"),
        2);
  }

  /** Of TLS: the acceptor's OpenSSL gave both. */
  static HopExchange encrypted(String request, String response) {
    TestRecords acceptor =
        TestRecords.acceptor(2)
            .head(WireHead.Kind.PLAIN_RECEIVED, 1000, bytes(request))
            .head(WireHead.Kind.PLAIN_SENT, 5000, bytes("HTTP/1.1 " + response));
    WireRecord record = acceptor.build();
    HttpHead head =
        HttpHead.parse(record.firstHead(WireHead.Kind.PLAIN_SENT))
            .and(HttpHead.parse(record.firstHead(WireHead.Kind.PLAIN_RECEIVED)));
    return HopExchange.pair(
        HopEnd.of(TestRecords.initiator(1).build(), HttpHead.NONE, "envoy"),
        HopEnd.of(record, head, "java"),
        2);
  }

  static HopEnd end(TestRecords record, String process) {
    WireRecord built = record.build();
    return HopEnd.of(built, HttpHead.parse(built.firstHead(WireHead.Kind.SENT)), process);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
  }
}
