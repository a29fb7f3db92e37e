/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.pod;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class LocalAddressesTest {

  @Test
  void fibTrie_givesHostAddressesOnce() {
    List<String> lines =
        """
        Main:
          +-- 0.0.0.0/0 3 0 5
             +-- 10.77.0.0/16 2 0 2
                |-- 10.77.0.0
                   /16 link UNICAST
                |-- 10.77.0.13
                   /32 host LOCAL
                |-- 10.77.255.255
                   /32 link BROADCAST
             +-- 127.0.0.0/8 2 0 2
                |-- 127.0.0.1
                   /32 host LOCAL
        Local:
                |-- 10.77.0.13
                   /32 host LOCAL
        """
            .lines()
            .toList();
    assertThat(LocalAddresses.ofFibTrie(lines)).containsExactly("10.77.0.13");
  }

  @Test
  void ifInet6_givesGlobalAddressesInFullForm() {
    List<String> lines =
        List.of(
            "00000000000000000000000000000001 01 80 10 80       lo",
            "fe8000000000000000155dfffe000001 02 40 20 80     eth0",
            "fd000000000000000000000000000013 02 40 00 80     eth0");
    assertThat(LocalAddresses.ofIfInet6(lines)).containsExactly("fd00:0:0:0:0:0:0:13");
  }
}
