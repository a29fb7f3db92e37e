/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UpstreamClusterTest {

  @Test
  void istiosName_tellsServiceNamespaceAndSubset() {
    assertThat(of("outbound|9080|v2|reviews.bookinfo.svc.cluster.local"))
        .isEqualTo(new Workload("Kubernetes", "bookinfo", "unknown", "reviews", "v2"));
    assertThat(of("outbound|9080||reviews.bookinfo.svc.cluster.local").version())
        .isEqualTo("unknown");
  }

  @Test
  void otherNames_tellNothing() {
    assertThat(of("PassthroughCluster")).isEqualTo(Workload.UNKNOWN);
    assertThat(of("")).isEqualTo(Workload.UNKNOWN);
  }

  @Test
  void hostOutsideTheMesh_isTheService() {
    assertThat(of("outbound|443||example.com"))
        .isEqualTo(new Workload("unknown", "unknown", "unknown", "example.com", "unknown"));
  }

  @Test
  void whatTheEntryTellsOfThePeer_standsAboveTheName() {
    Workload peer = new Workload("k", "bookinfo", "reviews-v2", "reviews", "v2");
    AccessLogEntry entry =
        AccessLogEntry.builder()
            .proxy(new TestCall(1, 1_000_000).sourceEntry().proxy())
            .direction(TrafficDirection.OUTBOUND)
            .downstreamRemote(TestCall.APP)
            .upstreamPeer(peer)
            .upstreamCluster("outbound|9080||reviews.bookinfo.svc.cluster.local")
            .build();
    assertThat(UpstreamCluster.workload(entry)).isEqualTo(peer);
  }

  private static Workload of(String cluster) {
    TestCall call = new TestCall(1, 1_000_000);
    return UpstreamCluster.workload(
        AccessLogEntry.builder()
            .proxy(call.sourceEntry().proxy())
            .direction(TrafficDirection.OUTBOUND)
            .downstreamRemote(TestCall.APP)
            .upstreamCluster(cluster)
            .build());
  }
}
