/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.kubernetes;

import java.util.List;
import java.util.Map;

/**
 * A Service as the API server has it.
 *
 * @param uid of this Service
 * @param namespace its own
 * @param name its own
 * @param type ClusterIP, NodePort, LoadBalancer or ExternalName
 * @param addresses its cluster addresses, canonical texts; none where it is headless
 * @param selector labels of its pods; empty where its endpoints are made by hand
 * @param labels its own
 * @param ports by TCP
 */
public record ClusterService(
    String uid,
    String namespace,
    String name,
    String type,
    List<String> addresses,
    Map<String, String> selector,
    Map<String, String> labels,
    List<ClusterServicePort> ports) {

  /** Makes what it holds immutable. */
  public ClusterService {
    addresses = List.copyOf(addresses);
    selector = Map.copyOf(selector);
    labels = Map.copyOf(labels);
    ports = List.copyOf(ports);
  }

  /** {@code NAMESPACE/NAME}. */
  public String key() {
    return namespace + "/" + name;
  }

  /** Whether whoever resolves its name gets its pods' addresses. */
  public boolean isHeadless() {
    return addresses.isEmpty() && !type.equals("ExternalName");
  }
}
