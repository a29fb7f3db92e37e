/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.profile;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** The canonical text of addresses: IPv4-mapped IPv6 as IPv4, IPv6 compressed. */
final class Addresses {

  private Addresses() {}

  /** Of 4 or 16 bytes. */
  static String text(byte[] address) throws UnknownHostException {
    return NetUtil.toAddressString(InetAddress.getByAddress(address));
  }

  /** Of a textual one; what is none stays as it is. */
  static String canonical(String address) {
    byte[] bytes = NetUtil.createByteArrayFromIpAddressString(address);
    try {
      return bytes == null ? address : text(bytes);
    } catch (UnknownHostException e) {
      return address;
    }
  }
}
