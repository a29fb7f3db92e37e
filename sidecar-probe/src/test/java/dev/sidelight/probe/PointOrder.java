/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidelight.hop.v1.Exchange;
import dev.sidelight.hop.v1.ExchangeEnd;
import java.util.List;

/** What holds of the points of any hop whose both ends were seen: all are there, and in order. */
final class PointOrder {

  private PointOrder() {}

  static void assertThatFirstPointsAreInOrder(Exchange hop) {
    ExchangeEnd initiator = hop.getInitiator();
    ExchangeEnd acceptor = hop.getAcceptor();
    assertThat(
            List.of(
                initiator.getFirstSendNanos(),
                acceptor.getFirstArrivalNanos(),
                acceptor.getFirstReadNanos(),
                acceptor.getFirstSendNanos(),
                initiator.getFirstArrivalNanos(),
                initiator.getFirstReadNanos()))
        .isSorted()
        .doesNotContain(0L);
  }

  static void assertThatLastPointsAreInOrder(Exchange hop) {
    ExchangeEnd initiator = hop.getInitiator();
    ExchangeEnd acceptor = hop.getAcceptor();
    assertThat(
            List.of(
                initiator.getLastSendNanos(),
                acceptor.getLastArrivalNanos(),
                acceptor.getLastReadNanos(),
                acceptor.getLastSendNanos(),
                initiator.getLastArrivalNanos(),
                initiator.getLastReadNanos()))
        .isSorted()
        .doesNotContain(0L);
  }
}
