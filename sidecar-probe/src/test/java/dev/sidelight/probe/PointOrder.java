/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidelight.hop.v1.Exchange;
import dev.sidelight.hop.v1.ExchangeEnd;
import java.util.List;
import java.util.stream.Stream;

/** What holds of the points of any hop whose both ends were seen: all are there, and in order. */
final class PointOrder {

  private PointOrder() {}

  /**
   * Of hops an end of which may lack its arrival: no more of them than the probe says it missed.
   *
   * @return those that lack nothing
   */
  static List<Exchange> assertThatMissingArrivalsAreCounted(List<Exchange> hops, long missed) {
    long lacking =
        hops.stream()
            .flatMap(hop -> Stream.of(hop.getInitiator(), hop.getAcceptor()))
            .filter(end -> end.getFirstArrivalNanos() == 0)
            .count();
    assertThat(lacking).isLessThanOrEqualTo(missed);
    return hops.stream()
        .filter(hop -> hop.getInitiator().getFirstArrivalNanos() != 0)
        .filter(hop -> hop.getAcceptor().getFirstArrivalNanos() != 0)
        .toList();
  }

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
