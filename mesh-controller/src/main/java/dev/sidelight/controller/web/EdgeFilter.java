/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.web;

import dev.sidelight.correlator.Workload;
import java.util.Optional;

/**
 * Which edges, or calls, are asked for; what is empty matches any.
 *
 * @param namespace of one end at least
 * @param source who calls
 * @param destination who answers
 * @param protocol {@code http} or {@code grpc}
 */
public record EdgeFilter(
    Optional<String> namespace,
    Optional<WorkloadName> source,
    Optional<WorkloadName> destination,
    Optional<String> protocol) {

  /** Whether an edge between these is asked for. */
  public boolean matches(Workload source, Workload destination, String protocol) {
    return this.source.map(name -> is(source, name)).orElse(true)
        && this.destination.map(name -> is(destination, name)).orElse(true)
        && this.protocol.map(protocol::equals).orElse(true)
        && namespace.map(name -> isIn(source, name) || isIn(destination, name)).orElse(true);
  }

  private static boolean is(Workload workload, WorkloadName name) {
    return workload.workload().equals(name.workload()) && isIn(workload, name.namespace());
  }

  private static boolean isIn(Workload workload, String namespace) {
    return workload.namespace().equals(namespace);
  }
}
