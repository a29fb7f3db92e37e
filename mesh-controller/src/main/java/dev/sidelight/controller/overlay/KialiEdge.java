/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.overlay;

/**
 * An edge of Kiali's graph, as far as it matters here.
 *
 * @param source id of a node
 * @param target id of a node
 * @param protocol {@code http}, {@code grpc}, {@code tcp} and others; empty where there is no
 *     traffic
 */
record KialiEdge(String source, String target, String protocol) {

  /** Whether it may stand for calls that are seen here: how gRPC is told differs. */
  boolean isRequests() {
    return protocol.equals("http") || protocol.equals("grpc");
  }
}
