/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CorrelatedRequestTest {

  @Test
  void serversErrorOrNoResponse_isAnError() {
    assertThat(answered(0).isError()).isTrue();
    assertThat(answered(500).isError()).isTrue();
    assertThat(answered(503).isError()).isTrue();
  }

  @Test
  void anythingBelow500_isNone() {
    assertThat(answered(200).isError()).isFalse();
    assertThat(answered(404).isError()).isFalse();
    assertThat(answered(499).isError()).isFalse();
  }

  @Test
  void mutualTls_isWhereBothShowedACertificate() {
    assertThat(shown("spiffe://td/ns/a/sa/a", "spiffe://td/ns/b/sa/b").isMutualTls()).isTrue();
    assertThat(shown("spiffe://td/ns/a/sa/a", "").isMutualTls()).isFalse();
    assertThat(shown("", "spiffe://td/ns/b/sa/b").isMutualTls()).isFalse();
    assertThat(shown("", "").isMutualTls()).isFalse();
  }

  private static CorrelatedRequest shown(String sourcePrincipal, String destinationPrincipal) {
    JoinHarness harness = new JoinHarness();
    AccessLogEntry entry = new TestCall(1, JoinHarness.BEGIN_NANOS).destinationEntry();
    harness.correlator.onAccessLog(
        AccessLogEntry.builder()
            .proxy(entry.proxy())
            .direction(entry.direction())
            .downstreamRemote(entry.downstreamRemote())
            .peerPrincipal(sourcePrincipal)
            .localPrincipal(destinationPrincipal)
            .build(),
        JoinHarness.BEGIN_NANOS);
    harness.passWindow();
    return harness.onlyCall();
  }

  private static CorrelatedRequest answered(int responseCode) {
    JoinHarness harness = new JoinHarness();
    AccessLogEntry entry = new TestCall(1, JoinHarness.BEGIN_NANOS).sourceEntry();
    harness.correlator.onAccessLog(
        AccessLogEntry.builder()
            .proxy(entry.proxy())
            .direction(entry.direction())
            .downstreamRemote(entry.downstreamRemote())
            .responseCode(responseCode)
            .build(),
        JoinHarness.BEGIN_NANOS);
    harness.passWindow();
    return harness.onlyCall();
  }
}
