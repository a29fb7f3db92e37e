/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.xds;

import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.core.v3.Node;
import java.util.Optional;

/**
 * Which workload an Envoy belongs to, as it says itself.
 *
 * @param id Envoy's node id, {@code TYPE~ADDRESS~NAME.NAMESPACE~DOMAIN}
 * @param workload empty if the node's metadata do not say it
 * @param namespace empty if the node's metadata do not say it
 */
record ProxyNode(String id, String workload, String namespace) {

  private static final int ID_PARTS = 4;

  static ProxyNode of(Node node) {
    return new ProxyNode(
        node.getId(), metadata(node, "WORKLOAD_NAME"), metadata(node, "NAMESPACE"));
  }

  /**
   * The same node with its workload, which a node without metadata has from the pod address in its
   * id. Empty if that is no endpoint of the mesh.
   */
  Optional<ProxyNode> in(Mesh mesh) {
    if (!workload.isEmpty() && !namespace.isEmpty()) {
      return Optional.of(this);
    }
    String[] parts = id.split("~", -1);
    return parts.length == ID_PARTS ? byAddress(parts[1], mesh) : Optional.empty();
  }

  private Optional<ProxyNode> byAddress(String address, Mesh mesh) {
    for (MeshService service : mesh.services()) {
      for (MeshService.Endpoint endpoint : service.endpoints()) {
        if (endpoint.address().equals(address)) {
          return Optional.of(new ProxyNode(id, endpoint.workload(), service.namespace()));
        }
      }
    }
    return Optional.empty();
  }

  private static String metadata(Node node, String key) {
    return node.getMetadata().getFieldsOrDefault(key, Value.getDefaultInstance()).getStringValue();
  }
}
