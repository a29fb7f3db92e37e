/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.als;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.sidelight.correlator.Proxy;
import dev.sidelight.correlator.ProxyType;
import dev.sidelight.correlator.Workload;
import java.io.IOException;
import java.util.Map;

/**
 * Reads who writes a stream: the Identifier of its first message, in which Istio's node id and
 * metadata name the proxy and its workload.
 */
final class IdentifierDecoder {

  private static final int IDENTIFIER_NODE = 1;
  private static final int NODE_ID = 1;
  private static final int NODE_METADATA = 3;

  private IdentifierDecoder() {}

  /**
   * The proxy.
   *
   * @throws RefusedException where the node id is not in Istio's form
   */
  static Proxy decode(WireReader identifier) throws IOException, RefusedException {
    String nodeId = "";
    Struct metadata = Struct.getDefaultInstance();
    for (int field = identifier.nextField(); field != 0; field = identifier.nextField()) {
      if (field != IDENTIFIER_NODE) {
        identifier.skip();
        continue;
      }
      int outer = identifier.enter();
      for (int inner = identifier.nextField(); inner != 0; inner = identifier.nextField()) {
        switch (inner) {
          case NODE_ID -> nodeId = identifier.string();
          case NODE_METADATA -> metadata = Struct.parseFrom(identifier.message());
          default -> identifier.skip();
        }
      }
      identifier.leave(outer);
    }
    return proxy(nodeId, metadata.getFieldsMap());
  }

  /** {@code type~address~name.namespace~domain}. */
  private static Proxy proxy(String nodeId, Map<String, Value> metadata) throws RefusedException {
    String[] parts = nodeId.split("~", -1);
    if (parts.length != 4 || parts[1].isEmpty()) {
      throw new RefusedException(
          "bad_node_id",
          "node id \"" + nodeId + "\" is not Istio's type~address~name.namespace~domain");
    }
    ProxyType type =
        switch (parts[0]) {
          case "sidecar" -> ProxyType.SIDECAR;
          case "router" -> ProxyType.GATEWAY;
          case "waypoint" -> ProxyType.WAYPOINT;
          case "ztunnel" -> ProxyType.ZTUNNEL;
          default ->
              throw new RefusedException(
                  "bad_node_id",
                  "node id \"" + nodeId + "\" names no type of proxy that Istio has");
        };
    return new Proxy(nodeId, type, AddressFields.canonical(parts[1]), workload(parts[2], metadata));
  }

  private static Workload workload(String nameAndNamespace, Map<String, Value> metadata) {
    Value none = Value.getDefaultInstance();
    Map<String, Value> labels =
        metadata.getOrDefault("LABELS", none).getStructValue().getFieldsMap();
    String namespace = first(metadata, "NAMESPACE");
    int dot = nameAndNamespace.lastIndexOf('.');
    if (namespace.isEmpty() && dot >= 0) {
      namespace = nameAndNamespace.substring(dot + 1);
    }
    return new Workload(
        WorkloadNames.orUnknown(first(metadata, "CLUSTER_ID")),
        WorkloadNames.orUnknown(namespace),
        WorkloadNames.orUnknown(first(metadata, "WORKLOAD_NAME")),
        WorkloadNames.orUnknown(first(labels, "service.istio.io/canonical-name", "app")),
        WorkloadNames.orUnknown(first(labels, "service.istio.io/canonical-revision", "version")));
  }

  private static String first(Map<String, Value> fields, String... keys) {
    for (String key : keys) {
      Value value = fields.get(key);
      if (value != null && !value.getStringValue().isEmpty()) {
        return value.getStringValue();
      }
    }
    return "";
  }
}
