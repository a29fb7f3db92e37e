/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CapabilitiesTest {

  @Test
  void all_lackNothing() {
    assertThat(missing("000001ffffffffff")).isEmpty();
  }

  @Test
  void leastSet_lacksNothing() {
    assertThat(missing(Long.toHexString(1L << 39 | 1L << 38 | 1L << 19))).isEmpty();
  }

  @Test
  void sysAdmin_standsForBpfAndPerfmon() {
    assertThat(missing(Long.toHexString(1L << 21 | 1L << 19))).isEmpty();
  }

  @Test
  void none_lacksAllThree() {
    assertThat(missing("0000000000000000"))
        .hasSize(3)
        .allMatch(capability -> capability.startsWith("CAP_"));
  }

  private static List<String> missing(String effective) {
    return Capabilities.missing(List.of("Name:\tjava", "CapEff:\t" + effective));
  }
}
