/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

final class PeersTest {

  private long nowMillis = 1_000;
  private final Peers peers = new Peers(() -> Instant.ofEpochMilli(nowMillis));

  @Test
  void streams_areCountedByName() {
    peers.connected("b");
    peers.connected("a");
    nowMillis = 2_000;
    peers.connected("a");
    peers.gone("b");
    assertThat(peers.all())
        .containsExactly(new Peers.Peer("a", 2, 2_000), new Peers.Peer("b", 0, 2_000));
  }

  @Test
  void whoIsAwayForAnHour_isForgotten() {
    peers.connected("a");
    peers.connected("b");
    peers.gone("b");
    nowMillis += 3_600_000;
    assertThat(peers.all()).hasSize(2);
    nowMillis++;
    assertThat(peers.all()).extracting(Peers.Peer::name).containsExactly("a");
  }

  @Test
  void names_areBounded() {
    for (int i = 0; i <= Peers.MOST; i++) {
      peers.connected("node-" + i);
    }
    peers.gone("node-" + Peers.MOST);
    assertThat(peers.all()).hasSize(Peers.MOST).allMatch(Peers.Peer::isConnected);
  }
}
