/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.kubernetes;

import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * To which workload a pod belongs, by the rules of Istio, so that both call it the same: the
 * controller that owns it; in place of a ReplicaSet the Deployment or Rollout that it was made for,
 * in place of a Job its CronJob. A label may name another.
 */
final class PodOwners {

  private static final String NAMED = "service.istio.io/workload-name";

  /** A CronJob's Job ends in the minute that it was due, since 1970 (before 1.21: the second). */
  private static final Pattern CRON_JOB = Pattern.compile("(.+)-[0-9]{8,10}");

  /** A workload's kind and name. */
  record Owner(String kind, String name) {}

  private PodOwners() {}

  static Owner of(Pod pod, Map<String, String> labels) {
    Owner owner = controller(pod).map(reference -> above(pod, reference, labels)).orElse(bare(pod));
    String named = labels.getOrDefault(NAMED, "");
    return named.isEmpty() ? owner : new Owner(owner.kind(), named);
  }

  private static Owner bare(Pod pod) {
    return new Owner("Pod", pod.getMetadata().getName());
  }

  private static Optional<OwnerReference> controller(Pod pod) {
    List<OwnerReference> owners =
        Objects.requireNonNullElse(pod.getMetadata().getOwnerReferences(), List.of());
    return owners.stream().filter(owner -> Boolean.TRUE.equals(owner.getController())).findFirst();
  }

  private static Owner above(Pod pod, OwnerReference owner, Map<String, String> labels) {
    return switch (owner.getKind()) {
      case "ReplicaSet" -> aboveReplicaSet(owner.getName(), labels);
      case "ReplicationController" -> {
        String config = labels.getOrDefault("deploymentconfig", "");
        yield config.isEmpty()
            ? new Owner("ReplicationController", owner.getName())
            : new Owner("DeploymentConfig", config);
      }
      case "Job" -> {
        Matcher cronJob = CRON_JOB.matcher(owner.getName());
        yield cronJob.matches()
            ? new Owner("CronJob", cronJob.group(1))
            : new Owner("Job", owner.getName());
      }
      // A static pod is its node's.
      case "Node" -> bare(pod);
      default -> new Owner(owner.getKind(), owner.getName());
    };
  }

  private static Owner aboveReplicaSet(String name, Map<String, String> labels) {
    String deployment = withoutHash(name, labels.getOrDefault("pod-template-hash", ""));
    if (!deployment.isEmpty()) {
      return new Owner("Deployment", deployment);
    }
    String rollout = withoutHash(name, labels.getOrDefault("rollouts-pod-template-hash", ""));
    return rollout.isEmpty() ? new Owner("ReplicaSet", name) : new Owner("Rollout", rollout);
  }

  /** Empty where the name does not end in the hash. */
  private static String withoutHash(String name, String hash) {
    String suffix = "-" + hash;
    return hash.isEmpty() || !name.endsWith(suffix)
        ? ""
        : name.substring(0, name.length() - suffix.length());
  }
}
