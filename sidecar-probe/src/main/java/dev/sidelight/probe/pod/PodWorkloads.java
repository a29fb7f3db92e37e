/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.pod;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodIP;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The workload of a pod of Kubernetes, by the rules of Istio: the controller that owns it, a
 * deployment in place of its replica set, a cron job in place of its job; canonical service and
 * revision by the same labels in the same order.
 */
final class PodWorkloads {
  private static final List<String> APP =
      List.of("service.istio.io/canonical-name", "app.kubernetes.io/name", "app");
  private static final List<String> VERSION =
      List.of("service.istio.io/canonical-revision", "app.kubernetes.io/version", "version");
  private static final List<String> HASH =
      List.of("pod-template-hash", "rollouts-pod-template-hash");
  private static final String NO_VERSION = "latest";

  /**
   * A cron job's job ends in the minute that it was due, in minutes since 1970 (before 1.21:
   * seconds).
   */
  private static final Pattern CRON_JOB = Pattern.compile("(.+)-[0-9]{8,10}");

  /** Their address may be another pod's already. */
  private static final Set<String> ENDED = Set.of("Succeeded", "Failed");

  private PodWorkloads() {}

  static RegisteredPod of(Pod pod) {
    ObjectMeta metadata = pod.getMetadata();
    Map<String, String> labels = Objects.requireNonNullElse(metadata.getLabels(), Map.of());
    String name = name(metadata, labels);
    Workload workload =
        new Workload(
            metadata.getNamespace(),
            name,
            metadata.getName(),
            first(labels, APP, name),
            first(labels, VERSION, NO_VERSION));
    return new RegisteredPod(0, metadata.getUid(), addresses(pod), workload);
  }

  private static String name(ObjectMeta metadata, Map<String, String> labels) {
    for (OwnerReference owner :
        Objects.requireNonNullElse(metadata.getOwnerReferences(), List.<OwnerReference>of())) {
      if (Boolean.TRUE.equals(owner.getController())) {
        return switch (owner.getKind()) {
          case "ReplicaSet" -> withoutHash(owner.getName(), first(labels, HASH, ""));
          case "Job" -> withoutDueTime(owner.getName());
          // A static pod is its node's.
          case "Node" -> metadata.getName();
          default -> owner.getName();
        };
      }
    }
    return metadata.getName();
  }

  private static String withoutHash(String replicaSet, String hash) {
    String suffix = "-" + hash;
    return !hash.isEmpty() && replicaSet.endsWith(suffix)
        ? replicaSet.substring(0, replicaSet.length() - suffix.length())
        : replicaSet;
  }

  private static String withoutDueTime(String job) {
    Matcher matcher = CRON_JOB.matcher(job);
    return matcher.matches() ? matcher.group(1) : job;
  }

  private static String first(Map<String, String> labels, List<String> names, String otherwise) {
    return names.stream()
        .map(name -> labels.getOrDefault(name, ""))
        .filter(value -> !value.isEmpty())
        .findFirst()
        .orElse(otherwise);
  }

  /** Those that name this pod alone: none for pods in the node's own network. */
  private static List<String> addresses(Pod pod) {
    if (pod.getStatus() == null
        || ENDED.contains(Objects.requireNonNullElse(pod.getStatus().getPhase(), ""))
        || Boolean.TRUE.equals(pod.getSpec().getHostNetwork())) {
      return List.of();
    }
    return Objects.requireNonNullElse(pod.getStatus().getPodIPs(), List.<PodIP>of()).stream()
        .map(PodIP::getIp)
        .map(LocalAddresses::canonical)
        .toList();
  }
}
