/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.als;

import dev.sidelight.correlator.SocketAddress;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * Reads envoy.config.core.v3.Address. Texts are canonical, so that they equal what the probe's
 * bytes become: IPv4-mapped IPv6 as IPv4, IPv6 compressed.
 */
final class AddressFields {

  private static final int ADDRESS_SOCKET_ADDRESS = 1;
  private static final int SOCKET_ADDRESS_ADDRESS = 2;
  private static final int SOCKET_ADDRESS_PORT_VALUE = 3;

  private AddressFields() {}

  /** The address; null where it is a pipe or an internal listener. */
  static SocketAddress read(WireReader in) throws IOException, RefusedException {
    SocketAddress address = null;
    int outer = in.enter();
    for (int field = in.nextField(); field != 0; field = in.nextField()) {
      if (field == ADDRESS_SOCKET_ADDRESS) {
        address = socketAddress(in);
      } else {
        in.skip();
      }
    }
    in.leave(outer);
    return address;
  }

  private static SocketAddress socketAddress(WireReader in) throws IOException, RefusedException {
    String address = "";
    long port = 0;
    int outer = in.enter();
    for (int field = in.nextField(); field != 0; field = in.nextField()) {
      switch (field) {
        case SOCKET_ADDRESS_ADDRESS -> address = in.pooledString();
        case SOCKET_ADDRESS_PORT_VALUE -> port = in.varint();
        default -> in.skip();
      }
    }
    in.leave(outer);
    if (port < 0 || port > 65535) {
      throw new RefusedException("port_out_of_range", "port " + port + " at " + address);
    }
    return new SocketAddress(canonical(address), (int) port);
  }

  /** The canonical text of an address; what is no IPv6 address stays as it is. */
  static String canonical(String address) {
    if (address.indexOf(':') < 0) {
      return address;
    }
    byte[] bytes = NetUtil.createByteArrayFromIpAddressString(address);
    try {
      // getByAddress answers an IPv4 address for the 16 bytes of a mapped one.
      return bytes == null ? address : NetUtil.toAddressString(InetAddress.getByAddress(bytes));
    } catch (UnknownHostException e) {
      return address;
    }
  }
}
