/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.xds;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Who is in the mesh, as the mesh file says it. Already checked: names resolve, ports are ports.
 *
 * @param trustDomain of the SPIFFE identities, without the scheme
 * @param pki absolute directory that holds ca.crt and a WORKLOAD.crt and WORKLOAD.key a proxy
 */
record Mesh(
    String trustDomain,
    Path pki,
    List<MeshService> services,
    List<MeshGateway> gateways,
    List<Fault> faults) {

  Mesh {
    services = List.copyOf(services);
    gateways = List.copyOf(gateways);
    faults = List.copyOf(faults);
  }

  /** The side of a proxy that a fault delays. */
  enum Direction {
    INBOUND,
    OUTBOUND
  }

  /**
   * Envoy delays requests of this workload's proxy before it forwards them, or has few connections
   * for them.
   *
   * @param delay zero where it delays nothing
   * @param maxConnections to each service, 0 where they are not limited; of the outbound side only
   */
  record Fault(
      String workload, String namespace, Direction direction, Duration delay, int maxConnections) {

    static Fault delay(String workload, String namespace, Direction direction, Duration delay) {
      return new Fault(workload, namespace, direction, delay, 0);
    }
  }

  Mesh withGateways(List<MeshGateway> added) {
    return new Mesh(trustDomain, pki, services, added, faults);
  }

  Mesh withFaults(List<Fault> added) {
    return new Mesh(trustDomain, pki, services, gateways, added);
  }

  Optional<MeshService> service(String name, String namespace) {
    return services.stream()
        .filter(s -> s.name().equals(name) && s.namespace().equals(namespace))
        .findFirst();
  }

  Optional<MeshGateway> gateway(String workload, String namespace) {
    return gateways.stream()
        .filter(g -> g.workload().equals(workload) && g.namespace().equals(namespace))
        .findFirst();
  }

  /** The services that this workload is an endpoint of. */
  List<MeshService> servicesOf(String workload, String namespace) {
    return services.stream()
        .filter(s -> s.namespace().equals(namespace))
        .filter(s -> s.endpoints().stream().anyMatch(e -> e.workload().equals(workload)))
        .toList();
  }

  /** The delay injected on one side of a workload's proxy. */
  Optional<Duration> delay(String workload, String namespace, Direction direction) {
    return fault(workload, namespace, direction).map(Fault::delay).filter(d -> !d.isZero());
  }

  /** How many connections a workload's proxy may have to each service, where that is limited. */
  Optional<Integer> maxConnections(String workload, String namespace) {
    return fault(workload, namespace, Direction.OUTBOUND)
        .map(Fault::maxConnections)
        .filter(limit -> limit > 0);
  }

  private Optional<Fault> fault(String workload, String namespace, Direction direction) {
    return faults.stream()
        .filter(f -> f.direction() == direction)
        .filter(f -> f.workload().equals(workload) && f.namespace().equals(namespace))
        .findFirst();
  }

  /** The SPIFFE identity that a service account's certificate carries as URI SAN. */
  String spiffeId(String namespace, String serviceAccount) {
    return spiffePrefix() + "ns/" + namespace + "/sa/" + serviceAccount;
  }

  /** What every identity of the mesh begins with. */
  String spiffePrefix() {
    return "spiffe://" + trustDomain + "/";
  }
}
