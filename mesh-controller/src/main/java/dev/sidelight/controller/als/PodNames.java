/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.als;

import dev.sidelight.correlator.Proxy;
import dev.sidelight.correlator.ProxyType;
import dev.sidelight.correlator.Workload;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Whose pod an address is, from what proxies and probes have told of their pods. Any thread.
 * Addresses are used again after a pod has gone, so whoever asks trusts everything else more.
 */
public final class PodNames {

  /** A /16 of pods; those beyond it have no name. */
  private static final int MOST = 1 << 16;

  // state
  private final Map<String, Workload> workloadByAddress = new ConcurrentHashMap<>();

  /**
   * Learns a pod's workload from a probe; the last word counts, but of the same workload a proxy's
   * stays, which knows its cluster.
   */
  public void learn(String address, Workload workload) {
    Workload known = workloadByAddress.get(address);
    boolean same =
        known != null
            && known.namespace().equals(workload.namespace())
            && known.workload().equals(workload.workload());
    if (!same) {
      put(address, workload);
    }
  }

  private void put(String address, Workload workload) {
    if (workloadByAddress.size() < MOST || workloadByAddress.containsKey(address)) {
      workloadByAddress.put(address, workload);
    }
  }

  /** Learns a proxy's pod: not of a ztunnel, behind which all pods of the node are. */
  void learn(Proxy proxy) {
    if (proxy.type() != ProxyType.ZTUNNEL) {
      put(proxy.podAddress(), proxy.workload());
    }
  }

  /** Unknown where nobody told. */
  Workload at(String address) {
    return workloadByAddress.getOrDefault(address, Workload.UNKNOWN);
  }
}
