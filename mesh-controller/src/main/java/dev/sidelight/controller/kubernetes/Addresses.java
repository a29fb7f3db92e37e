/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.kubernetes;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** Texts of addresses, as both ingests write them. */
final class Addresses {

  private Addresses() {}

  /** The canonical text; what is no IPv6 address stays as it is. */
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
