/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import java.util.Objects;

/**
 * An Envoy as its node id and metadata name it.
 *
 * @param nodeId Istio's node id, {@code type~address~name.namespace~domain}
 * @param type what kind of proxy it is
 * @param podAddress address of the pod, the second part of the node id: names the pod for the join
 *     with the kernel
 * @param workload whose proxy it is
 */
public record Proxy(String nodeId, ProxyType type, String podAddress, Workload workload) {

  /** Rejects null. */
  public Proxy {
    Objects.requireNonNull(nodeId, "nodeId");
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(podAddress, "podAddress");
    Objects.requireNonNull(workload, "workload");
  }
}
