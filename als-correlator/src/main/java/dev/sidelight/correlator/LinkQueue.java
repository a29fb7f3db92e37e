/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

/**
 * How long a request or response lay in a proxy's socket on a link that carries several streams at
 * once and cannot be read: the kernel knows when bytes arrived and were read, and Envoy's stamp
 * says which read was this stream's. One thread.
 */
final class LinkQueue {

  /** A read that is further from Envoy's stamp was not of these bytes. */
  private static final long DECODED_NANOS = 20_000_000;

  /**
   * Leaves arrival and read in the leg where they are known: the last read before the stamp is the
   * last one of its turn, or its only one.
   *
   * @param turns of the encrypted connection, null where none was seen; they are not requests
   * @param stampNanos when Envoy had decoded the stream's last bytes
   */
  void find(Leg leg, ConnectionExchanges turns, boolean accepted, long stampNanos) {
    leg.linkArrivalNanos = 0;
    leg.linkReadNanos = 0;
    if (turns == null) {
      return;
    }
    for (int at = turns.countUpTo(stampNanos) - 1; at >= 0; at--) {
      ExchangeEnd turn = turns.get(at).end(!accepted);
      if (turn.firstReadNanos() == 0 || turn.firstReadNanos() > stampNanos) {
        continue; // sent before the stamp, but answered later
      }
      if (isOfStamp(turn, stampNanos) && isFollowedByItsNext(turns, at, accepted)) {
        leg.linkArrivalNanos = turn.lastArrivalNanos();
        leg.linkReadNanos = turn.lastReadNanos();
      }
      return;
    }
  }

  private static boolean isOfStamp(ExchangeEnd turn, long stampNanos) {
    return turn.lastReadNanos() <= stampNanos
        && turn.lastReadNanos() >= stampNanos - DECODED_NANOS
        && turn.lastArrivalNanos() != 0
        && turn.lastArrivalNanos() <= turn.lastReadNanos();
  }

  /** No turn is missing in between. */
  private static boolean isFollowedByItsNext(ConnectionExchanges turns, int at, boolean accepted) {
    return at + 1 == turns.size()
        || turns.get(at + 1).end(!accepted).exchangeIndex()
            == turns.get(at).end(!accepted).exchangeIndex() + 1;
  }
}
