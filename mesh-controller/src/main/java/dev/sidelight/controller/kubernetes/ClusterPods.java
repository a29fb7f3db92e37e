/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.kubernetes;

import dev.sidelight.correlator.Workload;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Pods by uid, by name and by address. Addresses are used again: an address is whose pod had it
 * when a call began, so pods that have gone are remembered for those whose logs are still to come.
 * Reads on any thread, writes one at a time.
 */
final class ClusterPods {

  /** A long call's log comes at its end; nobody waits longer for one. */
  private static final int MOST_GONE = 4_096;

  private static final long HAS_IT = Long.MAX_VALUE;

  /** A pod's hold of an address: until then, of our clock, as far as was told. */
  private record Claim(ClusterPod pod, long untilEpochMillis) {

    boolean held(long epochMillis) {
      return pod.startEpochMillis() <= epochMillis && epochMillis <= untilEpochMillis;
    }
  }

  // deps
  private final LongSupplier epochMillis;

  // state
  private final Map<String, ClusterPod> podByUid = new ConcurrentHashMap<>();
  private final Map<String, ClusterPod> podByName = new ConcurrentHashMap<>();

  /** Newest first. */
  private final Map<String, List<Claim>> claimsByAddress = new ConcurrentHashMap<>();

  /** Oldest first. */
  private final Deque<ClusterPod> gone = new ArrayDeque<>();

  private String cluster = Workload.UNKNOWN.cluster();

  ClusterPods(LongSupplier epochMillis) {
    this.epochMillis = epochMillis;
  }

  synchronized void put(ClusterPod told) {
    learnCluster(told.workload().cluster());
    ClusterPod pod = told.in(cluster);
    ClusterPod before = podByUid.put(pod.uid(), pod);
    podByName.merge(pod.key(), pod, ClusterPods::newer);
    if (before != null && !before.addresses().equals(pod.addresses())) {
      release(before);
    }
    if (pod.ended()) {
      if (before == null || !before.ended()) {
        release(pod);
      }
    } else if (!pod.hostNetwork()) {
      claim(pod, HAS_IT);
    }
  }

  synchronized void remove(String uid) {
    ClusterPod pod = podByUid.remove(uid);
    if (pod == null) {
      return;
    }
    podByName.computeIfPresent(
        pod.key(), (key, current) -> current.uid().equals(uid) ? null : current);
    if (!pod.ended()) {
      release(pod);
    }
  }

  /** The pods that have no sidecar are in the same cluster as those that have one. */
  private void learnCluster(String told) {
    if (told.equals(Workload.UNKNOWN.cluster()) || told.equals(cluster)) {
      return;
    }
    cluster = told;
    for (ClusterPod pod : List.copyOf(podByUid.values())) {
      put(pod.in(cluster));
    }
  }

  /** The pod holds its addresses no more; it has them for calls that began before now. */
  private void release(ClusterPod pod) {
    if (pod.hostNetwork() || pod.addresses().isEmpty()) {
      return;
    }
    claim(pod, epochMillis.getAsLong());
    gone.add(pod);
    if (gone.size() > MOST_GONE) {
      forget(gone.remove());
    }
  }

  private void claim(ClusterPod pod, long untilEpochMillis) {
    for (String address : pod.addresses()) {
      claimsByAddress.compute(
          address,
          (key, claims) -> {
            List<Claim> now = new ArrayList<>(without(claims, pod));
            now.add(new Claim(pod, untilEpochMillis));
            now.sort(
                Comparator.comparingLong((Claim claim) -> claim.pod().startEpochMillis())
                    .reversed());
            return List.copyOf(now);
          });
    }
  }

  private void forget(ClusterPod pod) {
    for (String address : pod.addresses()) {
      claimsByAddress.computeIfPresent(
          address,
          (key, claims) -> {
            List<Claim> others =
                claims.stream()
                    .filter(
                        claim ->
                            claim.untilEpochMillis() == HAS_IT
                                || !claim.pod().uid().equals(pod.uid()))
                    .toList();
            return others.isEmpty() ? null : others;
          });
    }
  }

  private static List<Claim> without(List<Claim> claims, ClusterPod pod) {
    return claims == null
        ? List.of()
        : claims.stream().filter(claim -> !claim.pod().uid().equals(pod.uid())).toList();
  }

  private static ClusterPod newer(ClusterPod one, ClusterPod other) {
    return other.uid().equals(one.uid()) || other.startEpochMillis() >= one.startEpochMillis()
        ? other
        : one;
  }

  /**
   * Whose the address was when a call began: the one's that has gone since, else the newest's that
   * had begun. A start is told in whole seconds and comes before the address, so the old one has it
   * until it has gone. Clocks differ by little: the only pod of an address is it for earlier calls
   * as well.
   */
  Optional<ClusterPod> at(String address, long epochMillis) {
    List<Claim> claims = claimsByAddress.getOrDefault(address, List.of());
    Claim found = null;
    for (Claim claim : claims) {
      if (claim.held(epochMillis) && (found == null || claim.untilEpochMillis() != HAS_IT)) {
        found = claim;
      }
    }
    if (found == null && claims.size() == 1 && claims.get(0).untilEpochMillis() == HAS_IT) {
      found = claims.get(0);
    }
    return Optional.ofNullable(found).map(Claim::pod);
  }

  /** Whether a pod has or had the address. */
  boolean knows(String address) {
    return claimsByAddress.containsKey(address);
  }

  Optional<ClusterPod> named(String key) {
    return Optional.ofNullable(podByName.get(key));
  }

  Optional<ClusterPod> ofUid(String uid) {
    return Optional.ofNullable(podByUid.get(uid));
  }

  Collection<ClusterPod> all() {
    return podByUid.values();
  }
}
