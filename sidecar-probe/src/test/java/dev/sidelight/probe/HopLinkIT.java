/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sidelight.hop.v1.Exchange;
import dev.sidelight.hop.v1.ExchangeEnd;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The two ends of a TLS link between real Envoys: root is needed. */
class HopLinkIT {
  private static final int CONNECTIONS = 4;
  private static final int REQUESTS = 1000;
  private static final int PER_SECOND = 250;
  private static final int INBOUND_PORT = 15006;

  private record Positions(int requestEnd, int responseEnd) {}

  @Test
  void ends_areOfOneExchangeByTheirEndPositionsDespiteTls() throws IOException {
    try (Capture capture = new Capture()) {
      capture.pod.request(CONNECTIONS, REQUESTS, PER_SECOND, "/link");
      // Envoy closes its pool after two seconds; a close_notify must neither move nor add an end.
      await().atMost(Capture.SOON).until(() -> capture.pod.connectionsTo(INBOUND_PORT) == 0);
      await().atMost(Capture.SOON).until(() -> capture.probe.accounting().heldCount() == 0);
      List<ExchangeEnd> initiators = initiators(capture.inCallersPod());
      List<ExchangeEnd> acceptors = acceptors(capture.inPod());
      Set<Positions> accepted = new HashSet<>();
      acceptors.forEach(
          end ->
              accepted.add(new Positions(end.getReceiveEndPosition(), end.getSendEndPosition())));
      List<ExchangeEnd> joined =
          initiators.stream()
              .filter(
                  end ->
                      accepted.contains(
                          new Positions(end.getSendEndPosition(), end.getReceiveEndPosition())))
              .toList();
      System.out.println(
          "RESULT link ends: "
              + initiators.size()
              + " initiators, "
              + acceptors.size()
              + " acceptors, "
              + joined.size()
              + " joined");
      assertThat(joined.size()).isGreaterThanOrEqualTo(REQUESTS * 999 / 1000);
      // Not of all: a busy Envoy opens a connection, shakes hands and finds another one free.
      assertThat(joined).allMatch(end -> end.getFirstSendNanos() > 0);
      assertThat(joined).allMatch(end -> end.getFirstReadNanos() > 0);
      assertThat(initiators).noneMatch(ExchangeEnd::getSupersedes);
      assertThat(acceptors).noneMatch(ExchangeEnd::getSupersedes);
    }
  }

  private static List<ExchangeEnd> initiators(List<Exchange> exchanges) {
    return exchanges.stream()
        .filter(exchange -> !exchange.hasAcceptor())
        .map(Exchange::getInitiator)
        .filter(end -> end.getRemotePort() == INBOUND_PORT)
        .toList();
  }

  private static List<ExchangeEnd> acceptors(List<Exchange> exchanges) {
    return exchanges.stream()
        .filter(exchange -> !exchange.hasInitiator())
        .map(Exchange::getAcceptor)
        .filter(end -> end.getLocalPort() == INBOUND_PORT)
        .toList();
  }
}
