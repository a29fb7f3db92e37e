/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.hop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidelight.probe.event.TestRecords;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class UpgradedConnectionsTest {
  private final List<HopExchange> left = new ArrayList<>();
  private final UpgradedConnections upgraded = new UpgradedConnections(left::add);

  @Test
  void switchingProtocols_upgradesBothEnds() {
    upgraded.accept(pair(101));
    assertThat(upgraded.contains(1)).isTrue();
    assertThat(upgraded.contains(2)).isTrue();
    assertThat(upgraded.contains(3)).isFalse();
  }

  @Test
  void whatIsSentAfterTheUpgrade_isNoPartOfIt() {
    upgraded.accept(pair(101));
    assertThat(left.get(0).acceptor().points().sends()).isEqualTo(new IoTimes(140, 140));
    assertThat(left.get(0).initiator().points().arrivals()).isEqualTo(new IoTimes(160, 160));
    assertThat(left.get(0).initiator().points().sends()).isEqualTo(new IoTimes(100, 110));
    assertThat(left.get(0).newEnds()).isEqualTo(2);
  }

  @Test
  void otherResponse_upgradesNothing() {
    HopExchange exchange = pair(200);
    upgraded.accept(exchange);
    assertThat(left).containsExactly(exchange);
    assertThat(upgraded.contains(1)).isFalse();
  }

  private static HopExchange pair(int status) {
    HttpHead response = new HttpHead("http1", "", "", status, "");
    return HopExchange.pair(
        HopEnd.of(TestRecords.initiator(1).build(), HttpHead.NONE, "envoy"),
        HopEnd.of(TestRecords.acceptor(2).build(), response, "app"),
        2);
  }
}
