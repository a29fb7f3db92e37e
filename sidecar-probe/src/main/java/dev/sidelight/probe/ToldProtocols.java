/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe;

import dev.sidelight.probe.hop.HopEnd;
import dev.sidelight.probe.hop.HopExchange;
import dev.sidelight.probe.transport.ConnectionTable;
import dev.sidelight.probe.transport.Protocol;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Tells the table of connections what exchanges on them were, which the first bytes do not say of
 * encrypted ones, of gRPC, and of those older than the probe.
 */
final class ToldProtocols implements Consumer<HopExchange> {
  private static final Map<String, Protocol> KNOWN =
      Map.of("http1", Protocol.HTTP1, "http2", Protocol.HTTP2, "grpc", Protocol.GRPC);

  private final ConnectionTable connections;

  ToldProtocols(ConnectionTable connections) {
    this.connections = connections;
  }

  @Override
  public void accept(HopExchange exchange) {
    tell(exchange.initiator());
    tell(exchange.acceptor());
  }

  private void tell(HopEnd end) {
    Protocol protocol = end == null ? null : KNOWN.get(end.head().protocol());
    if (protocol != null) {
      connections.told(end.cookie(), protocol);
    }
  }
}
