/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.istio;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sidelight.controller.istio.IstioEvents.Outcome;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the objects that turn access logs on be as they should: applies what is missing, repairs
 * what somebody changed, removes what is of another mode or namespace. One thread.
 */
final class AccessLogWriter implements AutoCloseable {

  private static final Logger logger = LoggerFactory.getLogger(AccessLogWriter.class);

  private static final int NOT_FOUND = 404;

  // deps
  private final KubernetesClient client;
  private final IstioSettings settings;
  private final IstioEvents events;
  private final AccessLogObjects objects;
  private final Map<ManagedKind, Watched<GenericKubernetesResource>> labelled =
      new EnumMap<>(ManagedKind.class);
  // state
  private final Map<String, String> written = new HashMap<>();
  private volatile String failure = "";

  /** Begins to watch the objects that are ours; each change of them is told to {@code changed}. */
  AccessLogWriter(
      KubernetesClient client, IstioSettings settings, IstioEvents events, Runnable changed) {
    this.client = client;
    this.settings = settings;
    this.events = events;
    this.objects = new AccessLogObjects(settings);
    for (ManagedKind kind : ManagedKind.values()) {
      labelled.put(
          kind,
          new Watched<>(
              client
                  .genericKubernetesResources(kind.context())
                  .inAnyNamespace()
                  .withLabel(AccessLogObjects.MANAGED_BY, IstioSettings.CONTROLLER),
              changed));
    }
  }

  /**
   * Does whatever there is to do.
   *
   * @param namespaces where an object should be
   */
  void write(Collection<String> namespaces) {
    failure = "";
    for (ManagedKind kind : ManagedKind.values()) {
      if (labelled.get(kind).isKnown()) {
        write(kind, kind.isOf(settings.accessLogs()) ? new HashSet<>(namespaces) : Set.of());
      } else if (kind.isOf(settings.accessLogs())) {
        failure = "the API server has not listed any " + kind.kind() + " yet";
      }
    }
  }

  private void write(ManagedKind kind, Set<String> namespaces) {
    Set<String> missing = new HashSet<>(namespaces);
    for (GenericKubernetesResource object : ours(kind)) {
      String namespace = object.getMetadata().getNamespace();
      if (!object.getMetadata().getName().equals(IstioSettings.OBJECT_NAME)
          || !namespaces.contains(namespace)) {
        attempt(kind, namespace, Outcome.REMOVED, () -> remove(kind, object));
      } else if (isAsItShouldBe(kind, object)) {
        missing.remove(namespace);
      } else {
        missing.remove(namespace);
        attempt(kind, namespace, Outcome.REPAIRED, () -> apply(kind, namespace));
      }
    }
    for (String namespace : missing) {
      attempt(kind, namespace, Outcome.CREATED, () -> apply(kind, namespace));
    }
  }

  /** Another Sidelight in this cluster has another owner. */
  private List<GenericKubernetesResource> ours(ManagedKind kind) {
    return labelled.get(kind).all().stream().filter(this::isOwned).toList();
  }

  private boolean isOwned(GenericKubernetesResource object) {
    return object.getMetadata().getOwnerReferences().stream()
        .anyMatch(owner -> owner.getName().equals(settings.owner()));
  }

  private void attempt(ManagedKind kind, String namespace, Outcome outcome, BooleanSupplier write) {
    try {
      if (write.getAsBoolean()) {
        events.written(kind.kind(), outcome);
        logger.info("{} sidelight in namespace {}: {}", kind.kind(), namespace, outcome);
      }
    } catch (KubernetesClientException e) {
      failure = kind.kind() + " in namespace " + namespace + ": " + Watched.reason(e);
      events.written(kind.kind(), Outcome.FAILED);
      logger.warn("not {}: {}", outcome, failure);
    }
  }

  /** Answers whether there was something to do: what is watched comes later than what is done. */
  private boolean apply(ManagedKind kind, String namespace) {
    GenericKubernetesResource wanted = objects.object(kind, namespace, owner());
    GenericKubernetesResource applied =
        at(kind, namespace, wanted)
            .fieldManager(IstioSettings.CONTROLLER)
            .forceConflicts()
            .serverSideApply();
    if (!hasSpec(kind, applied)) {
      // Applying takes back what others changed, but leaves what they added.
      applied =
          at(kind, namespace, applied).patch(PatchContext.of(PatchType.JSON), replaceSpec(kind));
    }
    String version = applied.getMetadata().getResourceVersion();
    return !version.equals(written.put(kind.kind() + "/" + namespace, version));
  }

  private String replaceSpec(ManagedKind kind) {
    return client
        .getKubernetesSerialization()
        .asJson(List.of(Map.of("op", "replace", "path", "/spec", "value", objects.spec(kind))));
  }

  /**
   * The one whose removal takes our objects away. Asked for each time: while Sidelight is being
   * uninstalled it is gone, and what was applied then would stay for ever.
   */
  private ClusterRole owner() {
    ClusterRole owner = client.rbac().clusterRoles().withName(settings.owner()).get();
    if (owner == null || owner.getMetadata().getDeletionTimestamp() != null) {
      throw new KubernetesClientException(
          "no ClusterRole " + settings.owner() + ", which is to own it", NOT_FOUND, null);
    }
    return owner;
  }

  /** Answers whether it was there. */
  private boolean remove(ManagedKind kind, GenericKubernetesResource object) {
    return !at(kind, object.getMetadata().getNamespace(), object).delete().isEmpty();
  }

  private Resource<GenericKubernetesResource> at(
      ManagedKind kind, String namespace, GenericKubernetesResource object) {
    return client
        .genericKubernetesResources(kind.context())
        .inNamespace(namespace)
        .resource(object);
  }

  private boolean isAsItShouldBe(ManagedKind kind, GenericKubernetesResource object) {
    return isOwned(object)
        && hasSpec(kind, object)
        && object.getMetadata().getLabels() != null
        && object
            .getMetadata()
            .getLabels()
            .entrySet()
            .containsAll(AccessLogObjects.labels().entrySet());
  }

  private boolean hasSpec(ManagedKind kind, GenericKubernetesResource object) {
    return Objects.equals(
        json(object.getAdditionalProperties().get("spec")), json(objects.spec(kind)));
  }

  private JsonNode json(Object value) {
    return client.getKubernetesSerialization().convertValue(value, JsonNode.class);
  }

  /** What the API server last refused; empty where nothing. */
  String failure() {
    return failure;
  }

  @Override
  public void close() {
    labelled.values().forEach(Watched::close);
  }
}
