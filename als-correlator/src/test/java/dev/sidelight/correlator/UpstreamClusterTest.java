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
    assertThat(of("outbound|443||example.com")).isEqualTo(Workload.UNKNOWN);
    assertThat(of("")).isEqualTo(Workload.UNKNOWN);
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
