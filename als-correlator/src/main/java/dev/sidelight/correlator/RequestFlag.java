/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What a reader of a call's figures should know. */
public enum RequestFlag {
  /** A point lay before its predecessor and was moved up to it: early response or overlap. */
  CLAMPED,
  /**
   * Envoy made several attempts and the earlier ones were not seen: their time is in the sidecar's.
   */
  ATTEMPTS_UNSEEN,
  /** The kernel's and the access log's order of events contradict one another. */
  ORDER_VIOLATED,
  /** The first exchange of a connection. */
  NEW_CONNECTION,
  /**
   * The link, or a gateway's connection from outside, carries several streams at once and is
   * encrypted: Envoy's stamps stand in there.
   */
  LINK_BY_ALS,
  /**
   * Somebody on the way waited for room in a full socket, since the bytes were not taken further
   * on.
   */
  FLOW_CONTROLLED;

  private static final List<Set<RequestFlag>> SETS = sets();

  /** Its bit among flags that are kept as a number. */
  int bit() {
    return 1 << ordinal();
  }

  /** The flags whose bits are set; the same set each time. */
  static Set<RequestFlag> of(int bits) {
    return SETS.get(bits);
  }

  private static List<Set<RequestFlag>> sets() {
    List<Set<RequestFlag>> sets = new ArrayList<>();
    for (int bits = 0; bits < 1 << values().length; bits++) {
      Set<RequestFlag> set = new HashSet<>();
      for (RequestFlag flag : values()) {
        if ((bits & flag.bit()) != 0) {
          set.add(flag);
        }
      }
      sets.add(Set.copyOf(set));
    }
    return List.copyOf(sets);
  }

  /** Lower-case name, as in the API. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
