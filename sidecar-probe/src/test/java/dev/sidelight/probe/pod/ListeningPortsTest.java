/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.pod;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ListeningPortsTest {

  @Test
  void listeningSockets_giveTheirPorts() {
    assertThat(
            ListeningPorts.of(
                List.of(
                    "  sl  local_address rem_address   st tx_queue rx_queue",
                    "   0: 00000000:3AA1 00000000:0000 0A 00000000:00000000 00:00000000",
                    "   1: 0100007F:2378 0100007F:A1B2 01 00000000:00000000 00:00000000",
                    "   2: 00000000000000000000000000000000:2382 0:0000 0A 0")))
        .containsExactly(0x2382, 0x3AA1);
  }
}
