/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.kubernetes;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.Map;

/** A namespace of a test's own on a real API server, and pods in it that nobody runs. */
public final class TestNamespace implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** No node that runs pods, and not kwok's: what is said of its pods is what the test says. */
  private static final String NODE = "sidelight-test-node";

  // deps
  private final KubernetesClient client;
  private final String name;

  private TestNamespace(KubernetesClient client, String name) {
    this.client = client;
    this.name = name;
  }

  /**
   * One in which pods are taken.
   *
   * @param client stays the caller's to close
   */
  public static TestNamespace create(
      KubernetesClient client, String name, Map<String, String> labels) {
    client
        .resource(
            new NamespaceBuilder()
                .withNewMetadata()
                .withName(name)
                .withLabels(labels)
                .endMetadata()
                .build())
        .create();
    // No pod is taken before its ServiceAccount is there.
    await()
        .atMost(PATIENCE)
        .until(() -> client.serviceAccounts().inNamespace(name).withName("default").get() != null);
    return new TestNamespace(client, name);
  }

  /** What it is called. */
  public String name() {
    return name;
  }

  /** A pod that says that it runs at that address. */
  public Pod running(
      String pod, String address, String serviceAccount, Map<String, String> labels) {
    Pod created =
        client
            .resource(
                new PodBuilder()
                    .withNewMetadata()
                    .withName(pod)
                    .withNamespace(name)
                    .withLabels(labels)
                    .endMetadata()
                    .withNewSpec()
                    .withNodeName(NODE)
                    .withServiceAccountName(serviceAccount)
                    .addNewContainer()
                    .withName("app")
                    .withImage("app")
                    .endContainer()
                    .endSpec()
                    .build())
            .create();
    return client
        .resource(
            new PodBuilder(created)
                .withNewStatus()
                .withPhase("Running")
                .withPodIP(address)
                .addNewPodIP(address)
                .endStatus()
                .build())
        .patchStatus();
  }

  @Override
  public void close() {
    client.namespaces().withName(name).delete();
  }
}
