/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import java.util.Objects;

/**
 * Address and port of one end of a connection.
 *
 * @param address textual, canonical; an IPv4-mapped IPv6 address is written as IPv4
 * @param port 1..65535, 0 where unknown
 */
public record SocketAddress(String address, int port) {

  /** Rejects null and ports out of range. */
  public SocketAddress {
    Objects.requireNonNull(address, "address");
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("port out of range: " + port);
    }
  }
}
