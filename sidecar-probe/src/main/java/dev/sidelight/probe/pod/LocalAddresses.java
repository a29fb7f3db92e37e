/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.pod;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A network namespace's own addresses, from /proc/PID/net/fib_trie and if_inet6; loopback and
 * link-local left out.
 */
final class LocalAddresses {
  private static final String LEAF = "|-- ";
  private static final String HOST = "/32 host LOCAL";
  private static final int GLOBAL_SCOPE = 0;
  private static final int SCOPE_COLUMN = 3;

  private LocalAddresses() {}

  /**
   * IPv4 addresses in the table's order.
   *
   * @param fibTrie lines of /proc/PID/net/fib_trie
   */
  static List<String> ofFibTrie(List<String> fibTrie) {
    Set<String> addresses = new LinkedHashSet<>();
    String leaf = "";
    for (String line : fibTrie) {
      int at = line.indexOf(LEAF);
      if (at >= 0) {
        leaf = line.substring(at + LEAF.length()).trim();
      } else if (line.trim().equals(HOST) && !leaf.startsWith("127.")) {
        addresses.add(leaf);
      }
    }
    return new ArrayList<>(addresses);
  }

  /**
   * IPv6 addresses as Java writes them.
   *
   * @param ifInet6 lines of /proc/PID/net/if_inet6
   */
  static List<String> ofIfInet6(List<String> ifInet6) {
    List<String> addresses = new ArrayList<>();
    for (String line : ifInet6) {
      String[] columns = line.trim().split("\\s+", -1);
      if (columns.length > SCOPE_COLUMN
          && Integer.parseInt(columns[SCOPE_COLUMN], 16) == GLOBAL_SCOPE) {
        addresses.add(text(HexFormat.of().parseHex(columns[0])));
      }
    }
    return addresses;
  }

  private static String text(byte[] address) {
    try {
      return InetAddress.getByAddress(address).getHostAddress();
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("an address of " + address.length + " bytes", e);
    }
  }
}
