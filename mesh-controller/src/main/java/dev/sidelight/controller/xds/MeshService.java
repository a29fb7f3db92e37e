/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.xds;

import java.util.List;

/**
 * A service: a virtual address and port in front of its endpoints.
 *
 * @param address the virtual address (an IPv4 literal)
 * @param port of the virtual address and of every endpoint
 * @param appTls whether the apps behind it serve TLS themselves, so that their sidecars originate
 *     it
 */
record MeshService(
    String name,
    String namespace,
    String address,
    int port,
    Protocol protocol,
    boolean appTls,
    List<Endpoint> endpoints) {

  MeshService {
    endpoints = List.copyOf(endpoints);
  }

  /** What the service speaks; decides between an HTTP connection manager and a TCP proxy. */
  enum Protocol {
    HTTP,
    HTTP2,
    TCP
  }

  /** A pod behind the service. */
  record Endpoint(String workload, String address, String serviceAccount) {}

  /** The fully qualified host name. */
  String host() {
    return name + "." + namespace + ".svc.cluster.local";
  }

  /** Istio's name of the cluster that callers reach the service through. */
  String outboundCluster() {
    return "outbound|" + port + "||" + host();
  }

  /** Istio's name of the cluster that leads from the sidecar to its app. */
  String inboundCluster() {
    return "inbound|" + port + "||";
  }

  /** Name of the listener on the virtual address, and tail of its stat prefix. */
  String outboundListener() {
    return address + "_" + port;
  }

  /** Name of the callers' route configuration. */
  String outboundRoute() {
    return host() + ":" + port;
  }

  /** Name of the route configuration from the sidecar to its app. */
  String inboundRoute() {
    return inboundCluster();
  }
}
