/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.pod;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodWorkloadsTest {

  @ParameterizedTest
  @CsvSource({
    "ReplicaSet, reviews-v1-5d4f8c7b9d, 5d4f8c7b9d, reviews-v1",
    "ReplicaSet, handmade, 5d4f8c7b9d, handmade",
    "ReplicaSet, handmade-x, '', handmade-x",
    "StatefulSet, db, '', db",
    "DaemonSet, agent, '', agent",
    "Job, once, '', once",
    "Job, nightly-29012345, '', nightly",
    "ReplicationController, old, '', old",
    "Node, node-1, '', the-pod"
  })
  void owner_namesTheWorkload(String kind, String owner, String hash, String workload) {
    Pod pod =
        new PodBuilder(pod(Map.of("pod-template-hash", hash)))
            .editMetadata()
            .addNewOwnerReference()
            .withKind("Configuration")
            .withName("not the controller")
            .endOwnerReference()
            .addNewOwnerReference()
            .withKind(kind)
            .withName(owner)
            .withController(true)
            .endOwnerReference()
            .endMetadata()
            .build();
    assertThat(PodWorkloads.of(pod).workload().name()).isEqualTo(workload);
  }

  @Test
  void barePod_isItsOwnWorkloadAndApp() {
    assertThat(PodWorkloads.of(pod(Map.of())).workload())
        .isEqualTo(new Workload("default", "the-pod", "the-pod", "the-pod", "latest"));
  }

  @Test
  void labels_giveAppAndVersionInIstiosOrder() {
    Workload plain = PodWorkloads.of(pod(Map.of("app", "a", "version", "1"))).workload();
    assertThat(plain.app()).isEqualTo("a");
    assertThat(plain.version()).isEqualTo("1");
    Workload canonical =
        PodWorkloads.of(
                pod(
                    Map.of(
                        "app", "a",
                        "app.kubernetes.io/name", "b",
                        "app.kubernetes.io/version", "2",
                        "service.istio.io/canonical-name", "c",
                        "service.istio.io/canonical-revision", "3")))
            .workload();
    assertThat(canonical.app()).isEqualTo("c");
    assertThat(canonical.version()).isEqualTo("3");
  }

  @Test
  void addresses_areThePodsAlone() {
    Pod pod = pod(Map.of());
    assertThat(PodWorkloads.of(pod).addresses()).containsExactly("10.1.2.3", "fd00:0:0:0:0:0:0:3");
    Pod ended = new PodBuilder(pod).editStatus().withPhase("Succeeded").endStatus().build();
    assertThat(PodWorkloads.of(ended).addresses()).isEmpty();
    Pod onTheNodesNetwork = new PodBuilder(pod).editSpec().withHostNetwork(true).endSpec().build();
    assertThat(PodWorkloads.of(onTheNodesNetwork).addresses()).isEmpty();
  }

  private static Pod pod(Map<String, String> labels) {
    return new PodBuilder()
        .withNewMetadata()
        .withNamespace("default")
        .withName("the-pod")
        .withUid("uid")
        .withLabels(labels)
        .endMetadata()
        .withNewSpec()
        .endSpec()
        .withNewStatus()
        .addNewPodIP("10.1.2.3")
        .addNewPodIP("fd00::3")
        .endStatus()
        .build();
  }
}
