/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.istio;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Makes the objects that turn access logs on, as they should be. Immutable. */
final class AccessLogObjects {

  static final String MANAGED_BY = "app.kubernetes.io/managed-by";

  /** Istio's contexts, and the direction that a proxy's log has in each; a gateway only calls. */
  private static final Map<String, String> DIRECTIONS =
      Map.of("SIDECAR_INBOUND", "inbound", "SIDECAR_OUTBOUND", "outbound", "GATEWAY", "outbound");

  private static final List<String> CONTEXTS =
      List.of("SIDECAR_INBOUND", "SIDECAR_OUTBOUND", "GATEWAY");

  // deps
  private final IstioSettings settings;
  // state
  private final Map<String, Object> telemetrySpec;
  private final Map<String, Object> envoyFilterSpec;

  AccessLogObjects(IstioSettings settings) {
    this.settings = settings;
    telemetrySpec = document("telemetry.yaml", Map.of("provider", IstioSettings.PROVIDER));
    envoyFilterSpec = envoyFilterSpec();
  }

  private Map<String, Object> envoyFilterSpec() {
    List<Object> patches = new ArrayList<>();
    Map<String, Object> spec = Map.of();
    for (String context : CONTEXTS) {
      spec =
          document(
              "envoyfilter.yaml",
              Map.of(
                  "context",
                  context,
                  "direction",
                  DIRECTIONS.get(context),
                  "cluster",
                  "outbound|" + settings.alsPort() + "||" + settings.controllerHost(),
                  "authority",
                  settings.controllerHost()));
      patches.addAll((List<?>) spec.get("configPatches"));
    }
    spec.put("configPatches", patches);
    return spec;
  }

  /** What the object of this kind should say. */
  Map<String, Object> spec(ManagedKind kind) {
    return kind == ManagedKind.TELEMETRY ? telemetrySpec : envoyFilterSpec;
  }

  GenericKubernetesResource object(ManagedKind kind, String namespace, ClusterRole owner) {
    GenericKubernetesResource object = new GenericKubernetesResource();
    object.setApiVersion(kind.apiVersion());
    object.setKind(kind.kind());
    object.setMetadata(
        new ObjectMetaBuilder()
            .withName(IstioSettings.OBJECT_NAME)
            .withNamespace(namespace)
            .withLabels(labels())
            // Uninstalling deletes the owner; Kubernetes' garbage collector then deletes this.
            .addNewOwnerReference()
            .withApiVersion("rbac.authorization.k8s.io/v1")
            .withKind("ClusterRole")
            .withName(owner.getMetadata().getName())
            .withUid(owner.getMetadata().getUid())
            .endOwnerReference()
            .build());
    object.setAdditionalProperty("spec", spec(kind));
    return object;
  }

  /** Every object of ours has these. */
  static Map<String, String> labels() {
    return Map.of(
        MANAGED_BY,
        IstioSettings.CONTROLLER,
        "app.kubernetes.io/name",
        IstioSettings.CONTROLLER,
        "app.kubernetes.io/part-of",
        "sidelight");
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> document(String file, Map<String, String> values) {
    String text = text(file);
    for (Map.Entry<String, String> value : values.entrySet()) {
      text = text.replace("${" + value.getKey() + "}", value.getValue());
    }
    return Serialization.unmarshal(text, Map.class);
  }

  private static String text(String file) {
    try (InputStream in = AccessLogObjects.class.getResourceAsStream(file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("the program lacks " + file, e);
    }
  }
}
