/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.kubernetes;

import static dev.sidelight.controller.kubernetes.TestPods.ended;
import static dev.sidelight.controller.kubernetes.TestPods.inCluster;
import static dev.sidelight.controller.kubernetes.TestPods.onHostNetwork;
import static dev.sidelight.controller.kubernetes.TestPods.pod;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ClusterPodsTest {

  private static final String ADDRESS = "10.244.0.7";

  private long now = 100_000;
  private final ClusterPods pods = new ClusterPods(() -> now);

  @Test
  void pod_isFoundByAddressNameAndUid() {
    pods.put(pod("a", "reviews", 50_000, ADDRESS, "fd00::7"));
    assertThat(workloadAt(ADDRESS, 60_000)).isEqualTo("reviews");
    assertThat(workloadAt("fd00::7", 60_000)).isEqualTo("reviews");
    assertThat(pods.named("bookinfo/reviews-a")).isPresent();
    assertThat(pods.ofUid("a")).isPresent();
    assertThat(workloadAt("10.244.0.8", 60_000)).isEqualTo("nobody");
    assertThat(pods.knows("10.244.0.8")).isFalse();
  }

  @Test
  void clocksThatDiffer_doNotHideTheOnlyPodOfAnAddress() {
    pods.put(pod("a", "reviews", 50_000, ADDRESS));
    assertThat(workloadAt(ADDRESS, 49_000)).isEqualTo("reviews");
  }

  @Test
  void addressUsedAgain_isWhosePodHadItWhenTheCallBegan() {
    pods.put(pod("a", "reviews", 50_000, ADDRESS));
    now = 90_000;
    pods.remove("a");
    assertThat(workloadAt(ADDRESS, 80_000)).isEqualTo("reviews");
    assertThat(workloadAt(ADDRESS, 91_000)).isEqualTo("nobody");
    assertThat(pods.knows(ADDRESS)).isTrue();
    pods.put(pod("b", "ratings", 95_000, ADDRESS));
    assertThat(workloadAt(ADDRESS, 80_000)).isEqualTo("reviews");
    assertThat(workloadAt(ADDRESS, 96_000)).isEqualTo("ratings");
    assertThat(workloadAt(ADDRESS, 92_000)).isEqualTo("nobody");
  }

  @Test
  void orderInWhichOldAndNewAreTold_doesNotMatter() {
    pods.put(pod("a", "reviews", 50_000, ADDRESS));
    pods.put(pod("b", "ratings", 95_000, ADDRESS));
    // The old one's last words come after the new one's first.
    pods.put(pod("a", "reviews", 50_000, ADDRESS));
    now = 97_000;
    pods.remove("a");
    assertThat(workloadAt(ADDRESS, 80_000)).isEqualTo("reviews");
    assertThat(workloadAt(ADDRESS, 96_000)).isEqualTo("reviews");
    assertThat(workloadAt(ADDRESS, 98_000)).isEqualTo("ratings");
  }

  @Test
  void oldPodOfWhichNobodyTellsTheEnd_leavesTheAddressToTheNewOne() {
    pods.put(pod("a", "reviews", 50_000, ADDRESS));
    pods.put(pod("b", "ratings", 95_000, ADDRESS));
    assertThat(workloadAt(ADDRESS, 80_000)).isEqualTo("reviews");
    assertThat(workloadAt(ADDRESS, 96_000)).isEqualTo("ratings");
  }

  @Test
  void podThatEnded_hasItsAddressNoMore() {
    pods.put(pod("a", "job", 50_000, ADDRESS));
    now = 60_000;
    pods.put(ended(pod("a", "job", 50_000, ADDRESS)));
    now = 99_000;
    // It is told again and again, and removed in the end.
    pods.put(ended(pod("a", "job", 50_000, ADDRESS)));
    pods.remove("a");
    assertThat(workloadAt(ADDRESS, 59_000)).isEqualTo("job");
    assertThat(workloadAt(ADDRESS, 61_000)).isEqualTo("nobody");
  }

  @Test
  void podThatChangesItsAddress_leavesTheOldOne() {
    pods.put(pod("a", "reviews", 50_000, ADDRESS));
    now = 60_000;
    pods.put(pod("a", "reviews", 50_000, "10.244.0.9"));
    assertThat(workloadAt("10.244.0.9", 61_000)).isEqualTo("reviews");
    assertThat(workloadAt(ADDRESS, 61_000)).isEqualTo("nobody");
  }

  @Test
  void podInItsNodesNetwork_hasNoAddressToItself() {
    pods.put(onHostNetwork(pod("a", "gateway", 50_000, "10.0.0.1")));
    assertThat(workloadAt("10.0.0.1", 60_000)).isEqualTo("nobody");
    assertThat(pods.named("bookinfo/gateway-a")).isPresent();
    pods.remove("a");
    assertThat(pods.knows("10.0.0.1")).isFalse();
  }

  @Test
  void nameUsedAgain_isTheNewestPods() {
    ClusterPod old = pod("a", "db", 50_000, ADDRESS);
    ClusterPod young = named(old.name(), pod("b", "db", 95_000, "10.244.0.9"));
    pods.put(old);
    pods.put(young);
    pods.put(old);
    assertThat(pods.named(old.key()).orElseThrow().uid()).isEqualTo("b");
    pods.remove("a");
    assertThat(pods.named(old.key()).orElseThrow().uid()).isEqualTo("b");
    pods.remove("b");
    assertThat(pods.named(old.key())).isEmpty();
  }

  @Test
  void injectedPod_namesTheClusterOfAll() {
    pods.put(pod("a", "reviews", 50_000, ADDRESS));
    pods.put(inCluster("Kubernetes", pod("b", "ratings", 50_000, "10.244.0.8")));
    pods.put(pod("c", "mongodb", 50_000, "10.244.0.9"));
    assertThat(pods.all())
        .hasSize(3)
        .allSatisfy(pod -> assertThat(pod.workload().cluster()).isEqualTo("Kubernetes"));
    assertThat(pods.at(ADDRESS, 60_000).orElseThrow().workload().cluster()).isEqualTo("Kubernetes");
  }

  @Test
  void manyThatHaveGone_areForgottenFirstToLast() {
    int most = 4_096;
    for (int i = 0; i <= most; i++) {
      pods.put(pod("uid" + i, "job" + i, 50_000, "10.1." + i / 256 + "." + i % 256));
      pods.remove("uid" + i);
    }
    assertThat(pods.knows("10.1.0.0")).isFalse();
    assertThat(workloadAt("10.1.0.1", 60_000)).isEqualTo("job1");
    assertThat(pods.all()).isEmpty();
  }

  private static ClusterPod named(String name, ClusterPod pod) {
    return new ClusterPod(
        pod.uid(),
        pod.namespace(),
        name,
        pod.node(),
        pod.serviceAccount(),
        pod.workload(),
        "StatefulSet",
        pod.labels(),
        pod.addresses(),
        false,
        pod.startEpochMillis(),
        false);
  }

  private String workloadAt(String address, long epochMillis) {
    return pods.at(address, epochMillis).map(pod -> pod.workload().workload()).orElse("nobody");
  }
}
