/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.hop;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Connections that speak HTTP no longer: after "101 Switching Protocols" (RFC 9110, 15.2.2), which
 * is what a WebSocket begins with. Their turns are no exchanges. Bounded: the longest known is
 * forgotten first. One thread.
 */
public final class UpgradedConnections implements Consumer<HopExchange> {
  private static final int SOCKETS_MAX = 65_536;
  private static final int SWITCHING_PROTOCOLS = 101;

  // deps
  private final Consumer<HopExchange> exchanges;

  // state
  private final Set<Long> sockets =
      Collections.newSetFromMap(
          new LinkedHashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<Long, Boolean> eldest) {
              return size() > SOCKETS_MAX;
            }
          });

  /**
   * None yet.
   *
   * @param exchanges takes what passes
   */
  public UpgradedConnections(Consumer<HopExchange> exchanges) {
    this.exchanges = exchanges;
  }

  /** Passes an exchange on; where it upgrades its connection, without what was sent after it. */
  @Override
  public void accept(HopExchange exchange) {
    HopEnd acceptor = exchange.acceptor();
    if (acceptor == null || acceptor.head().status() != SWITCHING_PROTOCOLS) {
      exchanges.accept(exchange);
      return;
    }
    sockets.add(acceptor.cookie());
    HopEnd initiator = exchange.initiator();
    if (initiator != null) {
      sockets.add(initiator.cookie());
      initiator = initiator.withPoints(initiator.points().upToFirstReceived());
    }
    exchanges.accept(
        new HopExchange(
            initiator, acceptor.withPoints(acceptor.points().upToFirstSent()), exchange.newEnds()));
  }

  /** Whether the socket's turns are no exchanges. */
  public boolean contains(long cookie) {
    return !sockets.isEmpty() && sockets.contains(cookie);
  }
}
