/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.hop;

import com.google.protobuf.ByteString;
import dev.sidelight.correlator.SocketAddress;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * The canonical text of addresses: IPv4-mapped IPv6 as IPv4, IPv6 compressed, as the access log
 * ingest writes them. Each address has one slot, the newest wins it. One thread.
 */
public final class AddressPool {

  private static final int SLOTS = 1 << 12;

  // state
  private final ByteString[] addresses = new ByteString[SLOTS];
  private final String[] texts = new String[SLOTS];
  private final SocketAddress[] sockets = new SocketAddress[SLOTS];

  /** The text of 4 or 16 bytes. */
  String text(ByteString address) throws RefusedException {
    int hash = address.hashCode();
    int slot = (hash ^ (hash >>> 15)) & (SLOTS - 1);
    if (!address.equals(addresses[slot])) {
      try {
        // Answers an IPv4 address for the 16 bytes of a mapped one, and refuses any other length.
        texts[slot] = NetUtil.toAddressString(InetAddress.getByAddress(address.toByteArray()));
      } catch (UnknownHostException e) {
        throw new RefusedException("bad_address", "an address of " + address.size() + " bytes");
      }
      addresses[slot] = address;
    }
    return texts[slot];
  }

  /** An address of 4 or 16 bytes with its port. */
  SocketAddress socket(ByteString address, int port) throws RefusedException {
    String text = text(address);
    int hash = 31 * address.hashCode() + port;
    int slot = (hash ^ (hash >>> 15)) & (SLOTS - 1);
    SocketAddress known = sockets[slot];
    if (known == null || known.port() != port || !known.address().equals(text)) {
      known = new SocketAddress(text, port);
      sockets[slot] = known;
    }
    return known;
  }

  /** The canonical text of a textual address; what is none stays as it is. */
  public static String canonical(String address) {
    byte[] bytes = NetUtil.createByteArrayFromIpAddressString(address);
    try {
      return bytes == null ? address : NetUtil.toAddressString(InetAddress.getByAddress(bytes));
    } catch (UnknownHostException e) {
      return address;
    }
  }
}
