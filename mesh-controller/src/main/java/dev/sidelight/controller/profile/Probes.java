/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.profile;

import dev.sidelight.hop.v1.HopControl;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The probes by node, and whose pod an address is. Bounded: of what is beyond nothing is known.
 * Guarded by the profiles' lock.
 */
final class Probes {

  private static final int MOST_NODES = 4096;
  private static final Comparator<ProfiledPod> ORDER =
      Comparator.comparing(ProfiledPod::namespace)
          .thenComparing(ProfiledPod::name)
          .thenComparing(ProfiledPod::id);

  // state
  private final Map<String, Probe> probeByNode = new HashMap<>();
  private final Map<String, ProfiledPod> podByAddress = new HashMap<>();

  /** A probe's stream has begun. */
  void connected(String node, Consumer<HopControl> control) {
    if (probeByNode.size() < MOST_NODES || probeByNode.containsKey(node)) {
      probeByNode.computeIfAbsent(node, unused -> new Probe()).connected(control);
    }
  }

  /**
   * A probe's stream has ended. Its pods are remembered, so that a task for one can say why not.
   */
  void disconnected(String node, Consumer<HopControl> control) {
    Probe probe = probeByNode.get(node);
    if (probe != null && probe.disconnected(control) && probe.podByNetns().isEmpty()) {
      probeByNode.remove(node);
    }
  }

  /** What a probe watches; false where that is of a stream that has been replaced. */
  boolean tell(String node, Consumer<HopControl> control, List<ProfiledPod> pods) {
    Probe probe = probeByNode.get(node);
    if (probe == null || probe.stream() != control) {
      return false;
    }
    probe.podByNetns().values().forEach(this::forgetAddresses);
    probe.tell(pods);
    pods.forEach(pod -> pod.addresses().forEach(address -> podByAddress.put(address, pod)));
    return true;
  }

  private void forgetAddresses(ProfiledPod pod) {
    pod.addresses().forEach(address -> podByAddress.remove(address, pod));
  }

  /** Null where there was none. */
  Probe of(String node) {
    return probeByNode.get(node);
  }

  boolean isAnyReady() {
    return probeByNode.values().stream().anyMatch(Probe::isReady);
  }

  /** Pods of the probes that are there. */
  List<ProfiledPod> pods() {
    List<ProfiledPod> pods = new ArrayList<>();
    for (Probe probe : probeByNode.values()) {
      if (probe.isReady()) {
        pods.addAll(probe.podByNetns().values());
      }
    }
    pods.sort(ORDER);
    return pods;
  }

  int podCount() {
    return probeByNode.values().stream()
        .filter(Probe::isReady)
        .mapToInt(probe -> probe.podByNetns().size())
        .sum();
  }

  /** By id, else by NAMESPACE/NAME, of a probe that is there rather than of one that is away. */
  ProfiledPod find(String idOrName) {
    ProfiledPod found = null;
    for (Probe probe : probeByNode.values()) {
      for (ProfiledPod pod : probe.podByNetns().values()) {
        if (pod.id().equals(idOrName)) {
          return pod;
        }
        if (idOrName.equals(pod.namespacedName()) && (found == null || probe.isReady())) {
          found = pod;
        }
      }
    }
    return found;
  }

  /** Whose address that is; null where no probe knows. */
  ProfiledPod at(String address) {
    return podByAddress.get(address);
  }
}
