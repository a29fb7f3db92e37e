/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.kubernetes;

import dev.sidelight.correlator.Workload;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodIP;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/** Reads of a pod's object what is kept of it. */
final class PodReader {

  private static final List<String> APP =
      List.of("service.istio.io/canonical-name", "app.kubernetes.io/name", "app");
  private static final List<String> VERSION =
      List.of("service.istio.io/canonical-revision", "app.kubernetes.io/version", "version");
  private static final String NO_VERSION = "latest";

  /** Istio's injection says to each sidecar which cluster it is in. */
  private static final String CLUSTER_ID = "ISTIO_META_CLUSTER_ID";

  private static final Set<String> ENDED = Set.of("Succeeded", "Failed");

  private PodReader() {}

  static ClusterPod read(Pod pod) {
    ObjectMeta metadata = pod.getMetadata();
    Map<String, String> labels = orEmpty(metadata.getLabels());
    PodOwners.Owner owner = PodOwners.of(pod, labels);
    PodSpec spec = Objects.requireNonNullElseGet(pod.getSpec(), PodSpec::new);
    PodStatus status = Objects.requireNonNullElseGet(pod.getStatus(), PodStatus::new);
    return new ClusterPod(
        metadata.getUid(),
        metadata.getNamespace(),
        metadata.getName(),
        Objects.requireNonNullElse(spec.getNodeName(), ""),
        Objects.requireNonNullElse(spec.getServiceAccountName(), ""),
        new Workload(
            cluster(spec),
            metadata.getNamespace(),
            owner.name(),
            first(labels, APP, owner.name()),
            first(labels, VERSION, NO_VERSION)),
        owner.kind(),
        labels,
        addresses(status),
        Boolean.TRUE.equals(spec.getHostNetwork()),
        startEpochMillis(metadata, status),
        ENDED.contains(Objects.requireNonNullElse(status.getPhase(), "")));
  }

  private static long startEpochMillis(ObjectMeta metadata, PodStatus status) {
    String start =
        status.getStartTime() == null ? metadata.getCreationTimestamp() : status.getStartTime();
    return start == null ? 0 : Instant.parse(start).toEpochMilli();
  }

  private static String cluster(PodSpec spec) {
    // A native sidecar is an init container.
    return Stream.concat(
            Objects.requireNonNullElse(spec.getContainers(), List.<Container>of()).stream(),
            Objects.requireNonNullElse(spec.getInitContainers(), List.<Container>of()).stream())
        .flatMap(
            container -> Objects.requireNonNullElse(container.getEnv(), List.<EnvVar>of()).stream())
        .filter(variable -> CLUSTER_ID.equals(variable.getName()) && variable.getValue() != null)
        .map(EnvVar::getValue)
        .findFirst()
        .orElse(Workload.UNKNOWN.cluster());
  }

  private static String first(Map<String, String> labels, List<String> names, String otherwise) {
    return names.stream()
        .map(name -> labels.getOrDefault(name, ""))
        .filter(value -> !value.isEmpty())
        .findFirst()
        .orElse(otherwise);
  }

  private static List<String> addresses(PodStatus status) {
    return Objects.requireNonNullElse(status.getPodIPs(), List.<PodIP>of()).stream()
        .map(PodIP::getIp)
        .filter(Objects::nonNull)
        .map(Addresses::canonical)
        .toList();
  }

  static Map<String, String> orEmpty(Map<String, String> labels) {
    return Objects.requireNonNullElse(labels, Map.of());
  }
}
