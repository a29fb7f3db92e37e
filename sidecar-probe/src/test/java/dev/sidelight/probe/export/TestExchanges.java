/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.export;

import dev.sidelight.probe.event.TestRecords;
import dev.sidelight.probe.hop.HopEnd;
import dev.sidelight.probe.hop.HopExchange;
import dev.sidelight.probe.hop.HttpHead;

/** Exchanges to send. */
final class TestExchanges {

  private TestExchanges() {}

  static HopExchange single(int index) {
    HttpHead head = new HttpHead("http1", "GET", "/reviews/{id}", 0, "id-" + index);
    return new HopExchange(
        HopEnd.of(TestRecords.initiator(1).index(index).build(), head, "envoy"), null, 1);
  }

  static HopExchange pair(int index) {
    HopEnd acceptor =
        HopEnd.of(
                TestRecords.acceptor(2).index(index).build(),
                new HttpHead("http1", "", "", 200, ""),
                "python3.11")
            .withSupersedes(true);
    return new HopExchange(single(index).initiator(), acceptor, 2);
  }
}
