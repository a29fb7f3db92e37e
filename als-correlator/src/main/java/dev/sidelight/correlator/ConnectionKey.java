/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

/**
 * How an access log entry names one connection of its Envoy. Downstream: the peer's address, since
 * Envoy logs as its own the original destination that the socket no longer shows. Upstream: both
 * addresses, since the app may use the same local port towards another destination.
 *
 * @param podAddress whose network namespace
 * @param accepted downstream, rather than upstream
 * @param near downstream: the peer; upstream: the socket's own address
 * @param far downstream: null; upstream: the peer
 */
record ConnectionKey(String podAddress, boolean accepted, SocketAddress near, SocketAddress far) {

  static ConnectionKey downstream(String podAddress, SocketAddress peer) {
    return new ConnectionKey(podAddress, true, peer, null);
  }

  static ConnectionKey upstream(String podAddress, SocketAddress local, SocketAddress peer) {
    return new ConnectionKey(podAddress, false, local, peer);
  }

  static ConnectionKey of(String podAddress, ExchangeEnd end) {
    return end.initiator()
        ? upstream(podAddress, end.local(), end.remote())
        : downstream(podAddress, end.remote());
  }
}
