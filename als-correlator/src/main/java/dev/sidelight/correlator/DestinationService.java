/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import java.util.Objects;

/**
 * The service that a call named, in Istio's words (destination_service, destination_service_name,
 * destination_service_namespace). Of a host outside the mesh, and of Envoy's PassthroughCluster and
 * BlackHoleCluster, host and name are the same and the namespace is unknown, as Istio has it.
 *
 * @param host such as {@code reviews.bookinfo.svc.cluster.local}
 * @param name such as {@code reviews}
 * @param namespace of a service of Kubernetes
 */
public record DestinationService(String host, String name, String namespace) {

  private static final String NOT_TOLD = Workload.UNKNOWN.workload();

  /** Where neither proxy told. */
  public static final DestinationService UNKNOWN =
      new DestinationService(NOT_TOLD, NOT_TOLD, NOT_TOLD);

  /** Rejects null. */
  public DestinationService {
    Objects.requireNonNull(host, "host");
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(namespace, "namespace");
  }

  /** One whose host is no service of Kubernetes. */
  static DestinationService outside(String host) {
    return new DestinationService(host, host, NOT_TOLD);
  }
}
