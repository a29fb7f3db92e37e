/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.istio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sidelight.controller.kubernetes.TestNamespace;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What turns access logs on, against the real API server with Istio's webhooks. */
class AccessLogWriterClusterIT {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String TEAM = "sidelight-writer-test";
  private static final AtomicInteger number = new AtomicInteger();

  private final List<String> outcomes = new CopyOnWriteArrayList<>();
  private final List<TestNamespace> namespaces = new ArrayList<>();
  private KubernetesClient client;
  private IstioConfiguration configuration;
  private String owner;
  private String root;

  @BeforeEach
  void begin() {
    client = new KubernetesClientBuilder().build();
    root = namespace(Map.of());
    owner = root + "-owner";
    client
        .resource(new ClusterRoleBuilder().withNewMetadata().withName(owner).endMetadata().build())
        .create();
  }

  @AfterEach
  void end() {
    if (configuration != null) {
      configuration.close();
    }
    client.rbac().clusterRoles().withName(owner).delete();
    namespaces.forEach(TestNamespace::close);
    client.close();
  }

  private String namespace(Map<String, String> labels) {
    String name = "writer-" + number.incrementAndGet() + "-" + ProcessHandle.current().pid();
    namespaces.add(TestNamespace.create(client, name, labels));
    return name;
  }

  private void start(AccessLogMode mode, String namespaceSelector) {
    if (configuration != null) {
      configuration.close();
    }
    configuration =
        new IstioConfiguration(
            client,
            new IstioSettings(
                mode,
                root,
                "istio",
                namespaceSelector,
                "sidelight-controller." + root + ".svc.cluster.local",
                8091,
                false,
                owner),
            MeshServices.NONE,
            (kind, outcome) -> outcomes.add(kind + " " + outcome));
    configuration.start();
  }

  @Test
  void telemetry_isThereAndOwned_untilItsOwnerGoes() {
    start(AccessLogMode.TELEMETRY, "");

    GenericKubernetesResource telemetry = awaitObject(ManagedKind.TELEMETRY, root);
    assertThat(telemetry.<String>get("spec", "accessLogging", 0, "providers", 0, "name"))
        .isEqualTo("sidelight-als");
    assertThat(telemetry.getMetadata().getManagedFields())
        .extracting("manager")
        .containsExactly("sidelight-controller");
    assertThat(object(ManagedKind.ENVOY_FILTER, root).get()).isNull();

    client.rbac().clusterRoles().withName(owner).delete();

    await().atMost(SOON).until(() -> object(ManagedKind.TELEMETRY, root).get() == null);
    awaitOutcome("Telemetry FAILED");
    assertThat(object(ManagedKind.TELEMETRY, root).get()).isNull();
  }

  @Test
  void envoyFilter_passesIstiosWebhook_andHasALoggerInEachContext() {
    start(AccessLogMode.FULL, "");

    GenericKubernetesResource filter = awaitObject(ManagedKind.ENVOY_FILTER, root);

    List<Map<String, Object>> patches = filter.get("spec", "configPatches");
    assertThat(patches)
        .extracting(patch -> patch.get("applyTo") + " " + context(patch))
        .containsExactlyInAnyOrder(
            "NETWORK_FILTER SIDECAR_INBOUND",
            "HTTP_FILTER SIDECAR_INBOUND",
            "NETWORK_FILTER SIDECAR_INBOUND",
            "NETWORK_FILTER SIDECAR_OUTBOUND",
            "HTTP_FILTER SIDECAR_OUTBOUND",
            "NETWORK_FILTER SIDECAR_OUTBOUND",
            "NETWORK_FILTER GATEWAY",
            "HTTP_FILTER GATEWAY",
            "NETWORK_FILTER GATEWAY");
    assertThat(object(ManagedKind.TELEMETRY, root).get()).isNull();
  }

  private static Object context(Map<String, Object> patch) {
    return ((Map<?, ?>) patch.get("match")).get("context");
  }

  @Test
  void whatOthersChangeAddOrDelete_isRepaired() {
    start(AccessLogMode.TELEMETRY, "");
    GenericKubernetesResource asWritten = awaitObject(ManagedKind.TELEMETRY, root);

    object(ManagedKind.TELEMETRY, root)
        .edit(
            changed -> {
              changed.setAdditionalProperty(
                  "spec",
                  Map.of(
                      "accessLogging",
                      List.of(Map.of("disabled", true)),
                      "selector",
                      Map.of("matchLabels", Map.of("app", "nobody"))));
              return changed;
            });
    awaitOutcome("Telemetry REPAIRED");
    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(spec(object(ManagedKind.TELEMETRY, root).get()))
                    .isEqualTo(spec(asWritten)));

    object(ManagedKind.TELEMETRY, root).delete();

    await()
        .atMost(SOON)
        .until(
            () -> {
              GenericKubernetesResource again = object(ManagedKind.TELEMETRY, root).get();
              return again != null
                  && !again.getMetadata().getUid().equals(asWritten.getMetadata().getUid());
            });
  }

  @Test
  void anotherMode_takesTheObjectOfTheOneBeforeAway() {
    start(AccessLogMode.TELEMETRY, "");
    awaitObject(ManagedKind.TELEMETRY, root);

    start(AccessLogMode.FULL, "");
    awaitObject(ManagedKind.ENVOY_FILTER, root);
    await().atMost(SOON).until(() -> object(ManagedKind.TELEMETRY, root).get() == null);

    start(AccessLogMode.OFF, "");
    await().atMost(SOON).until(() -> object(ManagedKind.ENVOY_FILTER, root).get() == null);
  }

  @Test
  void selectedNamespaces_haveOneEach_andNoOther() {
    String selected = namespace(Map.of(TEAM, "yes"));
    start(AccessLogMode.TELEMETRY, TEAM + "=yes");
    awaitObject(ManagedKind.TELEMETRY, selected);

    String later = namespace(Map.of(TEAM, "yes"));
    awaitObject(ManagedKind.TELEMETRY, later);
    assertThat(object(ManagedKind.TELEMETRY, root).get()).isNull();

    client
        .namespaces()
        .withName(selected)
        .edit(
            changed -> {
              changed.getMetadata().getLabels().remove(TEAM);
              return changed;
            });

    await().atMost(SOON).until(() -> object(ManagedKind.TELEMETRY, selected).get() == null);
    assertThat(object(ManagedKind.TELEMETRY, later).get()).isNotNull();
  }

  private void awaitOutcome(String outcome) {
    await().atMost(SOON).until(() -> outcomes.contains(outcome));
  }

  private GenericKubernetesResource awaitObject(ManagedKind kind, String namespace) {
    await().atMost(SOON).until(() -> object(kind, namespace).get() != null);
    return object(kind, namespace).get();
  }

  private static Object spec(GenericKubernetesResource object) {
    return object.getAdditionalProperties().get("spec");
  }

  private Resource<GenericKubernetesResource> object(ManagedKind kind, String namespace) {
    return client
        .genericKubernetesResources(kind.context())
        .inNamespace(namespace)
        .withName("sidelight");
  }
}
