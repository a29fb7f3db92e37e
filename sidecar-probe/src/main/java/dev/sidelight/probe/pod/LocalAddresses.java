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
import java.util.regex.Pattern;

/**
 * A network namespace's own addresses, from /proc/PID/net/fib_trie and if_inet6; loopback and
 * link-local left out.
 */
final class LocalAddresses {
  private static final String LEAF = "|-- ";
  private static final String HOST = "/32 host LOCAL";
  private static final Pattern LITERAL =
      Pattern.compile("[0-9]+(\\.[0-9]+){3}|(?=.*:)[0-9a-fA-F:.]+");
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

  /**
   * An address as Java writes it, so that addresses compare as text.
   *
   * @throws IllegalArgumentException where it is no address; names are not resolved
   */
  static String canonical(String address) {
    if (!LITERAL.matcher(address).matches()) {
      throw new IllegalArgumentException(address + " is no address");
    }
    try {
      return InetAddress.getByName(address).getHostAddress();
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(address + " is no address", e);
    }
  }

  private static String text(byte[] address) {
    try {
      return InetAddress.getByAddress(address).getHostAddress();
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("an address of " + address.length + " bytes", e);
    }
  }
}
