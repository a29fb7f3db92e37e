/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.pod;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A registry's pods by what they are asked for. The uid of a pod that is gone is remembered for its
 * last records; its address is not, since the next pod may have it already. For any thread.
 */
final class PodIndex {
  private static final int GONE_REMEMBERED = 1000;

  // state
  private final Map<String, RegisteredPod> byKey = new HashMap<>();
  private final Map<Integer, RegisteredPod> byNetns = new HashMap<>();
  private final Map<String, RegisteredPod> byUid = new HashMap<>();
  private final Map<String, RegisteredPod> byAddress = new HashMap<>();
  private final Map<String, RegisteredPod> goneByUid =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, RegisteredPod> eldest) {
          return size() > GONE_REMEMBERED;
        }
      };

  synchronized void replaceAll(Collection<RegisteredPod> pods) {
    for (String key : byKey.keySet().toArray(String[]::new)) {
      remove(key);
    }
    int number = 0;
    for (RegisteredPod pod : pods) {
      put(Integer.toString(number++), pod);
    }
  }

  /** Adds a pod, or replaces what was known by this key. */
  synchronized void put(String key, RegisteredPod pod) {
    remove(key);
    byKey.put(key, pod);
    if (pod.netns() != 0) {
      byNetns.put(pod.netns(), pod);
    }
    if (!pod.uid().isEmpty()) {
      byUid.put(pod.uid(), pod);
    }
    pod.addresses().forEach(address -> byAddress.put(address, pod));
  }

  synchronized void remove(String key) {
    RegisteredPod pod = byKey.remove(key);
    if (pod == null) {
      return;
    }
    byNetns.remove(pod.netns(), pod);
    byUid.remove(pod.uid(), pod);
    // Another pod may have taken the address over by now.
    pod.addresses().forEach(address -> byAddress.remove(address, pod));
    if (!pod.uid().isEmpty()) {
      goneByUid.put(pod.uid(), pod);
    }
  }

  synchronized Optional<Workload> byNetns(int netns) {
    return Optional.ofNullable(byNetns.get(netns)).map(RegisteredPod::workload);
  }

  synchronized Optional<Workload> byUid(String uid) {
    RegisteredPod pod = byUid.get(uid);
    return Optional.ofNullable(pod == null ? goneByUid.get(uid) : pod).map(RegisteredPod::workload);
  }

  synchronized Optional<Workload> byAddress(String address) {
    return Optional.ofNullable(byAddress.get(address)).map(RegisteredPod::workload);
  }

  synchronized int size() {
    return byKey.size();
  }
}
