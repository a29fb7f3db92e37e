/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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
  private static final Pattern OUTBOUND = Pattern.compile("outbound\\|\\d+\\|[^|]*\\|([^|]+)\\|?");
  private static final Pattern SERVICE_HOST = Pattern.compile("([^.]+)\\.([^.]+)\\.svc(\\..+)?");

  /** Where neither proxy told. */
  public static final DestinationService UNKNOWN =
      new DestinationService(NOT_TOLD, NOT_TOLD, NOT_TOLD);

  /** Rejects null. */
  public DestinationService {
    Objects.requireNonNull(host, "host");
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(namespace, "namespace");
  }

  /**
   * What the name of an upstream cluster tells; {@link #UNKNOWN} of an empty one.
   *
   * @param cluster Envoy's cluster name, at the source
   */
  public static DestinationService ofCluster(String cluster) {
    if (cluster.isEmpty()) {
      return UNKNOWN;
    }
    Matcher outbound = OUTBOUND.matcher(cluster);
    String host = outbound.matches() ? outbound.group(1) : cluster;
    Matcher service = SERVICE_HOST.matcher(host);
    return service.matches()
        ? new DestinationService(host, service.group(1), service.group(2))
        : outside(host);
  }

  /** One whose host is no service of Kubernetes. */
  static DestinationService outside(String host) {
    return new DestinationService(host, host, NOT_TOLD);
  }
}
