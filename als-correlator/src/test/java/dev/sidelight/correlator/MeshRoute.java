/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

/**
 * The edges of the tests' mesh. Pods lie on two nodes, reviews is called and calls, ratings is
 * called from inside and outside.
 */
enum MeshRoute {
  /** Between nodes. */
  PRODUCTPAGE_TO_REVIEWS(Pod.PRODUCTPAGE, Pod.REVIEWS),
  /** Within a node. */
  REVIEWS_TO_RATINGS(Pod.REVIEWS, Pod.RATINGS),
  /** The source is a gateway: it has no app, and what comes from outside is an edge of its own. */
  GATEWAY_TO_PRODUCTPAGE(Pod.GATEWAY, Pod.PRODUCTPAGE),
  /** A gateway behind a gateway, and what is behind that has no proxy. */
  GATEWAY_TO_EGRESS(Pod.GATEWAY, Pod.EGRESS),
  /** An app that calls the world outside through a gateway. */
  RATINGS_TO_EGRESS(Pod.RATINGS, Pod.EGRESS),
  /** The caller has no sidecar. */
  OUTSIDE_TO_RATINGS(null, Pod.RATINGS),
  /** The destination has no sidecar. */
  PRODUCTPAGE_TO_EXTERNAL(Pod.PRODUCTPAGE, null);

  final Pod source;
  final Pod destination;

  MeshRoute(Pod source, Pod destination) {
    this.source = source;
    this.destination = destination;
  }

  boolean isFromGateway() {
    return source != null && source.isGateway();
  }

  boolean isToGateway() {
    return destination != null && destination.isGateway();
  }

  boolean hasBothProxies() {
    return source != null && destination != null;
  }

  /** A pod with its Envoy. */
  enum Pod {
    PRODUCTPAGE(0, ProxyType.SIDECAR),
    REVIEWS(1, ProxyType.SIDECAR),
    RATINGS(1, ProxyType.SIDECAR),
    GATEWAY(0, ProxyType.GATEWAY),
    EGRESS(1, ProxyType.GATEWAY);

    final int node;
    final String address;
    private final ProxyType type;

    Pod(int node, ProxyType type) {
      this.node = node;
      this.address = "10.77.0." + (11 + ordinal());
      this.type = type;
    }

    Proxy proxy() {
      return new Proxy(
          (isGateway() ? "router~" : "sidecar~") + address + "~a~b",
          type,
          address,
          new Workload("Kubernetes", "bookinfo", name() + "-v1", name(), "v1"));
    }

    boolean isGateway() {
      return type == ProxyType.GATEWAY;
    }
  }
}
