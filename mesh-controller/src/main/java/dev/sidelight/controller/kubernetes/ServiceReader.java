/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.kubernetes;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServiceSpec;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** Reads of the objects of Services and EndpointSlices what is kept of them. */
final class ServiceReader {

  private static final String NO_ADDRESS = "None";
  private static final String SERVICE_NAME = "kubernetes.io/service-name";

  private ServiceReader() {}

  static ClusterService read(Service service) {
    ObjectMeta metadata = service.getMetadata();
    ServiceSpec spec = Objects.requireNonNullElseGet(service.getSpec(), ServiceSpec::new);
    return new ClusterService(
        metadata.getUid(),
        metadata.getNamespace(),
        metadata.getName(),
        Objects.requireNonNullElse(spec.getType(), "ClusterIP"),
        Objects.requireNonNullElse(spec.getClusterIPs(), List.<String>of()).stream()
            .filter(address -> !address.isEmpty() && !address.equals(NO_ADDRESS))
            .map(Addresses::canonical)
            .toList(),
        PodReader.orEmpty(spec.getSelector()),
        PodReader.orEmpty(metadata.getLabels()),
        Objects.requireNonNullElse(spec.getPorts(), List.<ServicePort>of()).stream()
            .filter(port -> isTcp(port.getProtocol()))
            .map(
                port ->
                    new ClusterServicePort(
                        Objects.requireNonNullElse(port.getName(), ""),
                        port.getPort(),
                        Objects.requireNonNullElse(port.getAppProtocol(), "")))
            .toList());
  }

  private static boolean isTcp(String protocol) {
    return protocol == null || protocol.equals("TCP");
  }

  static ClusterServices.Slice read(EndpointSlice slice) {
    ObjectMeta metadata = slice.getMetadata();
    String service = PodReader.orEmpty(metadata.getLabels()).getOrDefault(SERVICE_NAME, "");
    Map<String, String> pods = new HashMap<>();
    for (Endpoint endpoint :
        Objects.requireNonNullElse(slice.getEndpoints(), List.<Endpoint>of())) {
      ObjectReference target = endpoint.getTargetRef();
      if (target != null && "Pod".equals(target.getKind())) {
        read(slice, endpoint, target.getNamespace() + "/" + target.getName(), pods);
      }
    }
    return new ClusterServices.Slice(
        metadata.getUid(),
        metadata.getNamespace() + "/" + service,
        Map.copyOf(pods),
        Objects.requireNonNullElse(slice.getPorts(), List.<EndpointPort>of()).stream()
            .filter(port -> port.getPort() != null && isTcp(port.getProtocol()))
            .collect(
                Collectors.toUnmodifiableMap(
                    port -> Objects.requireNonNullElse(port.getName(), ""),
                    EndpointPort::getPort,
                    (first, second) -> first)));
  }

  private static void read(
      EndpointSlice slice, Endpoint endpoint, String pod, Map<String, String> pods) {
    for (String address : Objects.requireNonNullElse(endpoint.getAddresses(), List.<String>of())) {
      for (EndpointPort port :
          Objects.requireNonNullElse(slice.getPorts(), List.<EndpointPort>of())) {
        if (port.getPort() != null) {
          pods.put(ClusterServices.endpoint(Addresses.canonical(address), port.getPort()), pod);
        }
      }
    }
  }
}
