/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.xds;

import static org.assertj.core.api.Assertions.assertThat;

import io.envoyproxy.controlplane.cache.Resources.ResourceType;
import io.envoyproxy.controlplane.cache.v3.Snapshot;
import java.util.List;
import org.junit.jupiter.api.Test;

class SnapshotFactoryTest {

  @Test
  void sidecar_getsEveryServiceAndItsOwnInbound() {
    Snapshot snapshot = SnapshotFactory.snapshot(TestMesh.mesh(), TestMesh.REVIEWS_V1);
    assertThat(snapshot.listeners().resources())
        .containsOnlyKeys(
            "virtualOutbound", "virtualInbound", "10.78.0.13_9080", "10.78.0.15_3306");
    assertThat(snapshot.clusters().resources())
        .containsOnlyKeys(
            "outbound|9080||reviews.bookinfo.svc.cluster.local",
            "outbound|3306||ratings-db.bookinfo.svc.cluster.local",
            "inbound|9080||",
            "PassthroughCluster",
            "InboundPassthroughCluster",
            "BlackHoleCluster");
    assertThat(snapshot.routes().resources())
        .containsOnlyKeys("reviews.bookinfo.svc.cluster.local:9080", "inbound|9080||");
  }

  @Test
  void gateway_getsItsServiceAlone() {
    Snapshot snapshot = SnapshotFactory.snapshot(TestMesh.mesh(), TestMesh.INGRESS_NODE);
    assertThat(snapshot.listeners().resources()).containsOnlyKeys("0.0.0.0_8080");
    assertThat(snapshot.clusters().resources())
        .containsOnlyKeys("outbound|9080||reviews.bookinfo.svc.cluster.local");
    assertThat(snapshot.routes().resources()).containsOnlyKeys("http.8080");
  }

  @Test
  void fault_changesTheVersionOfRoutesAlone() {
    Snapshot before = SnapshotFactory.snapshot(TestMesh.mesh(), TestMesh.REVIEWS_V1);
    Snapshot with =
        SnapshotFactory.snapshot(
            TestMesh.mesh(TestMesh.REVIEWS_INBOUND_300_MS), TestMesh.REVIEWS_V1);
    assertThat(with.version(ResourceType.ROUTE, List.of()))
        .isNotEqualTo(before.version(ResourceType.ROUTE, List.of()));
    assertThat(with.version(ResourceType.LISTENER, List.of()))
        .isEqualTo(before.version(ResourceType.LISTENER, List.of()));
    assertThat(with.version(ResourceType.CLUSTER, List.of()))
        .isEqualTo(before.version(ResourceType.CLUSTER, List.of()));
  }

  @Test
  void faultOfAnotherWorkload_changesNothing() {
    ProxyNode reviewsV2 = new ProxyNode("sidecar~127.0.0.14~a.b~c", "reviews-v2", "bookinfo");
    Snapshot before = SnapshotFactory.snapshot(TestMesh.mesh(), reviewsV2);
    Snapshot with =
        SnapshotFactory.snapshot(TestMesh.mesh(TestMesh.REVIEWS_INBOUND_300_MS), reviewsV2);
    assertThat(ResourceType.values())
        .allSatisfy(
            type ->
                assertThat(with.version(type, List.of()))
                    .isEqualTo(before.version(type, List.of())));
  }
}
