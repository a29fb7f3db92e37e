/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller;

import dev.sidelight.controller.hop.AddressPool;
import dev.sidelight.controller.hop.ProbeAdmission;
import dev.sidelight.controller.hop.RefusedException;
import dev.sidelight.controller.identity.TokenRefusedException;
import dev.sidelight.controller.identity.TokenReviews;
import dev.sidelight.controller.kubernetes.Cluster;
import dev.sidelight.controller.kubernetes.ClusterPod;
import dev.sidelight.hop.v1.Pod;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import io.vertx.grpc.common.GrpcStatus;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Admits probes by their tokens, and of each the pods that the API server has on its node. */
final class ProbeGate implements ProbeAdmission {

  /** As many as have connected anew at once; who comes then comes again. */
  private static final int MOST_WAITING = 1_000;

  // deps
  private final TokenReviews reviews;
  private final Cluster cluster;
  private final WorkerExecutor worker;

  // state
  private final AtomicInteger waiting = new AtomicInteger();

  ProbeGate(TokenReviews reviews, Cluster cluster, WorkerExecutor worker) {
    this.reviews = reviews;
    this.cluster = cluster;
    this.worker = worker;
  }

  @Override
  public boolean knowsProbes() {
    return true;
  }

  @Override
  public Future<String> nodeOf(String token) {
    if (!cluster.isSynced()) {
      return later("not_synced", "the cluster's pods are not known yet");
    }
    if (waiting.incrementAndGet() > MOST_WAITING) {
      waiting.decrementAndGet();
      return later("too_many_reviews", MOST_WAITING + " tokens are being reviewed");
    }
    return worker
        .executeBlocking(() -> review(token), false)
        .onComplete(reviewed -> waiting.decrementAndGet());
  }

  private static Future<String> later(String reason, String message) {
    return Future.failedFuture(new RefusedException(reason, GrpcStatus.UNAVAILABLE, message));
  }

  private String review(String token) throws RefusedException {
    try {
      return reviews.node(token);
    } catch (TokenRefusedException e) {
      GrpcStatus status =
          switch (e.remedy()) {
            case ANOTHER_TOKEN -> GrpcStatus.UNAUTHENTICATED;
            case NONE -> GrpcStatus.PERMISSION_DENIED;
            case LATER -> GrpcStatus.UNAVAILABLE;
          };
      throw new RefusedException(e.reason(), status, e.getMessage());
    }
  }

  @Override
  public String whyNot(String node, Pod pod) {
    Optional<ClusterPod> known = known(pod);
    if (known.isEmpty()) {
      return "unknown_pod";
    }
    if (!known.get().node().equals(node)) {
      return "other_nodes_pod";
    }
    for (String address : pod.getAddressesList()) {
      if (!known.get().addresses().contains(AddressPool.canonical(address))) {
        return "other_pods_address";
      }
    }
    boolean sameOwner =
        pod.getNamespace().isEmpty() || pod.getNamespace().equals(known.get().namespace());
    return sameOwner ? "" : "other_pods_namespace";
  }

  /**
   * By name, since the uid of a static pod's cgroup is not the API server's; a nameless one by uid.
   */
  private Optional<ClusterPod> known(Pod pod) {
    return pod.getName().isEmpty()
        ? cluster.podOfUid(pod.getUid())
        : cluster.pod(pod.getNamespace(), pod.getName());
  }
}
