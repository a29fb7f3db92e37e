/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidelight.correlator.Workload;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodReaderTest {

  @ParameterizedTest
  @CsvSource({
    "ReplicaSet, reviews-v1-6d8f7c, pod-template-hash=6d8f7c, Deployment, reviews-v1",
    "ReplicaSet, reviews-v1-6d8f7c, rollouts-pod-template-hash=6d8f7c, Rollout, reviews-v1",
    "ReplicaSet, by-hand, app=by-hand, ReplicaSet, by-hand",
    "ReplicaSet, by-hand-abc, pod-template-hash=xyz, ReplicaSet, by-hand-abc",
    "StatefulSet, mongodb, app=mongodb, StatefulSet, mongodb",
    "DaemonSet, sidelight-probe, app=sidelight-probe, DaemonSet, sidelight-probe",
    "Job, migrate, job-name=migrate, Job, migrate",
    "Job, report-29384720, job-name=report-29384720, CronJob, report",
    "ReplicationController, web-3, deploymentconfig=web, DeploymentConfig, web",
    "ReplicationController, web, app=web, ReplicationController, web",
    "Node, kwok-1, tier=control-plane, Pod, the-pod",
    "ReplicaSet, odd-1, service.istio.io/workload-name=even, ReplicaSet, even",
  })
  void workload_isTheOwnersOwner(
      String ownerKind, String owner, String label, String kind, String workload) {
    String[] keyAndValue = label.split("=", 2);
    ClusterPod read =
        PodReader.read(
            new PodBuilder(pod(Map.of(keyAndValue[0], keyAndValue[1])))
                .editMetadata()
                .addNewOwnerReference()
                .withController(false)
                .withKind("Other")
                .withName("other")
                .endOwnerReference()
                .addNewOwnerReference()
                .withController(true)
                .withKind(ownerKind)
                .withName(owner)
                .endOwnerReference()
                .endMetadata()
                .build());
    assertThat(read.workloadKind()).isEqualTo(kind);
    assertThat(read.workload().workload()).isEqualTo(workload);
  }

  @Test
  void barePod_isItsOwnWorkload_andUnlabelledAsIstioHasIt() {
    ClusterPod read = PodReader.read(pod(Map.of()));
    assertThat(read.workloadKind()).isEqualTo("Pod");
    assertThat(read.workload())
        .isEqualTo(new Workload("unknown", "bookinfo", "the-pod", "the-pod", "latest"));
  }

  @Test
  void appAndVersion_areTheCanonicalOnes() {
    assertThat(
            PodReader.read(pod(Map.of("app", "a", "app.kubernetes.io/name", "b", "version", "v1")))
                .workload())
        .isEqualTo(new Workload("unknown", "bookinfo", "the-pod", "b", "v1"));
    assertThat(
            PodReader.read(
                    pod(
                        Map.of(
                            "app.kubernetes.io/name",
                            "b",
                            "service.istio.io/canonical-name",
                            "c",
                            "service.istio.io/canonical-revision",
                            "v2",
                            "version",
                            "v1")))
                .workload())
        .isEqualTo(new Workload("unknown", "bookinfo", "the-pod", "c", "v2"));
  }

  @Test
  void sidecar_saysWhichClusterItIsIn_asContainerAndAsInitContainer() {
    Pod classic =
        new PodBuilder(pod(Map.of()))
            .editSpec()
            .addNewContainer()
            .addNewEnv()
            .withName("ISTIO_META_CLUSTER_ID")
            .withValue("Kubernetes")
            .endEnv()
            .endContainer()
            .endSpec()
            .build();
    Pod sidecar =
        new PodBuilder(pod(Map.of()))
            .editSpec()
            .addNewInitContainer()
            .addNewEnv()
            .withName("ISTIO_META_CLUSTER_ID")
            .withValue("Kubernetes")
            .endEnv()
            .endInitContainer()
            .endSpec()
            .build();
    assertThat(PodReader.read(classic).workload().cluster()).isEqualTo("Kubernetes");
    assertThat(PodReader.read(sidecar).workload().cluster()).isEqualTo("Kubernetes");
  }

  @Test
  void statusAndSpec_areRead() {
    ClusterPod read =
        PodReader.read(
            new PodBuilder(pod(Map.of("app", "a")))
                .editSpec()
                .withNodeName("kwok-1")
                .withServiceAccountName("reviews")
                .withHostNetwork(true)
                .endSpec()
                .withNewStatus()
                .withPhase("Failed")
                .withStartTime("2026-11-24T00:00:01Z")
                .addNewPodIP("10.244.0.7")
                .addNewPodIP("FD00:0:0::7")
                .endStatus()
                .build());
    assertThat(read.node()).isEqualTo("kwok-1");
    assertThat(read.serviceAccount()).isEqualTo("reviews");
    assertThat(read.hostNetwork()).isTrue();
    assertThat(read.ended()).isTrue();
    assertThat(read.startEpochMillis()).isEqualTo(1_795_478_401_000L);
    assertThat(read.addresses()).containsExactly("10.244.0.7", "fd00::7");
    assertThat(PodReader.read(pod(Map.of())).startEpochMillis()).isEqualTo(1_795_478_400_000L);
  }

  private static Pod pod(Map<String, String> labels) {
    return new PodBuilder()
        .withNewMetadata()
        .withUid("uid")
        .withNamespace("bookinfo")
        .withName("the-pod")
        .withLabels(labels)
        .withCreationTimestamp("2026-11-24T00:00:00Z")
        .endMetadata()
        .withNewSpec()
        .endSpec()
        .build();
  }
}
