/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The names of pods against a real API server. */
class KubernetesRegistryIT {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final int NETNS = 77;

  @TempDir private static Path files;

  private static ApiServer server;
  private static KubernetesClient admin;

  @BeforeAll
  static void begin() throws IOException {
    server = new ApiServer(files);
    admin = server.client(ApiServer.ADMIN);
  }

  @AfterAll
  static void end() {
    if (server != null) {
      admin.close();
      server.close();
    }
  }

  @Test
  void podOfThisNode_isNamedWhileItIsThere() throws IOException {
    Pod there = create("cart-5d4f-abcde", "node-a", "10.9.0.1");
    try (PodDirectory directory =
        directory("node-a", ApiServer.ADMIN, there.getMetadata().getUid())) {
      Workload cart = new Workload("default", "cart", "cart-5d4f-abcde", "cart", "v1");
      awaitName(directory, "10.9.0.1", cart);
      assertThat(directory.workload(NETNS)).contains(cart);

      create("cart-5d4f-fghij", "node-a", "10.9.0.2");
      create("cart-5d4f-klmno", "node-b", "10.9.0.3");
      awaitName(
          directory, "10.9.0.2", new Workload("default", "cart", "cart-5d4f-fghij", "cart", "v1"));
      assertThat(directory.workload("10.9.0.3")).isEmpty();

      label("cart-5d4f-abcde", "v2");
      awaitName(
          directory, "10.9.0.1", new Workload("default", "cart", "cart-5d4f-abcde", "cart", "v2"));

      delete("cart-5d4f-abcde");
      await().atMost(SOON).until(() -> directory.workload("10.9.0.1").isEmpty());
      // Its last records come after it.
      assertThat(directory.workload(NETNS)).isPresent();
      assertThat(directory.namedCount()).isOne();
    }
  }

  @Test
  void restartOfTheServer_isSurvivedAndCaughtUpWith() throws IOException {
    create("shop-5d4f-abcde", "node-c", "10.9.1.1");
    try (PodDirectory directory = directory("node-c", ApiServer.ADMIN, "")) {
      Workload shop = new Workload("default", "cart", "shop-5d4f-abcde", "cart", "v1");
      awaitName(directory, "10.9.1.1", shop);
      server.stop();
      await().atMost(SOON).until(() -> !directory.isSynced());
      assertThat(directory.workload("10.9.1.1")).contains(shop);
      server.start();
      create("shop-5d4f-fghij", "node-c", "10.9.1.2");
      delete("shop-5d4f-abcde");
      await()
          .atMost(SOON)
          .until(
              () ->
                  directory.isSynced()
                      && directory.workload("10.9.1.1").isEmpty()
                      && directory.workload("10.9.1.2").isPresent());
    }
  }

  @Test
  void missingRole_isWaitedForAndTheLeastOneIsEnough() throws IOException {
    create("till-5d4f-abcde", "node-d", "10.9.2.1");
    try (PodDirectory directory = directory("node-d", ApiServer.PROBE, "")) {
      assertThat(directory.isSynced()).isFalse();
      assertThat(directory.workload("10.9.2.1")).isEmpty();
      admin
          .resource(
              new ClusterRoleBuilder()
                  .withNewMetadata()
                  .withName("probe")
                  .endMetadata()
                  .addNewRule()
                  .withApiGroups("")
                  .withResources("pods")
                  .withVerbs("list", "watch")
                  .endRule()
                  .build())
          .create();
      admin
          .resource(
              new ClusterRoleBindingBuilder()
                  .withNewMetadata()
                  .withName("probe")
                  .endMetadata()
                  .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", "probe")
                  .addNewSubject("rbac.authorization.k8s.io", "User", "probe", null)
                  .build())
          .create();
      await()
          .atMost(SOON)
          .until(() -> directory.isSynced() && directory.workload("10.9.2.1").isPresent());
    }
  }

  @Test
  void absentServer_stopsNothing() {
    RegistrySettings settings =
        new RegistrySettings(
            RegistrySettings.Source.KUBERNETES, null, files.resolve("none"), "node-e");
    try (PodDirectory directory = new PodDirectory(netns -> Optional.empty(), settings)) {
      directory.start();
      directory.refresh();
      assertThat(directory.isSynced()).isFalse();
      assertThat(directory.workload(NETNS)).isEmpty();
    }
  }

  private static PodDirectory directory(String node, String token, String uid) throws IOException {
    PodDirectory directory =
        new PodDirectory(
            netns -> Optional.of(new dev.sidelight.probe.pod.Pod(netns, uid, List.of())),
            new RegistrySettings(
                RegistrySettings.Source.KUBERNETES, null, server.kubeconfig(token), node));
    directory.start();
    return directory;
  }

  private static void awaitName(PodDirectory directory, String address, Workload workload) {
    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(directory.workload(address)).contains(workload));
  }

  /** As a kubelet has it running. */
  private static Pod create(String name, String node, String address) {
    Pod pod =
        new PodBuilder()
            .withNewMetadata()
            .withNamespace("default")
            .withName(name)
            .addToLabels("app", "cart")
            .addToLabels("version", "v1")
            .addToLabels("pod-template-hash", "5d4f")
            .addNewOwnerReference()
            .withApiVersion("apps/v1")
            .withKind("ReplicaSet")
            .withName("cart-5d4f")
            .withUid("0")
            .withController(true)
            .endOwnerReference()
            .endMetadata()
            .withNewSpec()
            .withNodeName(node)
            .addNewContainer()
            .withName("app")
            .withImage("none")
            .endContainer()
            .endSpec()
            .build();
    Pod created = admin.resource(pod).create();
    return admin
        .resource(
            new PodBuilder(created)
                .withNewStatus()
                .withPhase("Running")
                .withPodIP(address)
                .addNewPodIP(address)
                .endStatus()
                .build())
        .updateStatus();
  }

  private static void label(String name, String version) {
    admin
        .pods()
        .inNamespace("default")
        .withName(name)
        .edit(
            pod ->
                new PodBuilder(pod)
                    .editMetadata()
                    .addToLabels("version", version)
                    .endMetadata()
                    .build());
  }

  private static void delete(String name) {
    admin.pods().inNamespace("default").withName(name).withGracePeriod(0).delete();
  }
}
