/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import java.util.HashMap;
import java.util.Map;

/**
 * Which service a call named. The source's upstream cluster tells, being configuration. Where only
 * the destination tells, the request's authority does, which the caller may invent: it is believed
 * where it names a service that some cluster named before, or the destination's own canonical
 * service. One thread; remembers a bounded number of names.
 */
final class DestinationServices {

  private static final int MOST_NAMES = 10_000;

  // state
  private final Map<String, DestinationService> byCluster = new HashMap<>();
  private final Map<Name, DestinationService> byName = new HashMap<>();

  /** One of the two may be null. */
  DestinationService of(AccessLogEntry source, AccessLogEntry destination) {
    if (source != null) {
      return ofCluster(source.upstreamCluster());
    }
    return destination.proxy().type().standsAlone()
        ? DestinationService.UNKNOWN
        : ofAuthority(destination.authority(), destination.proxy().workload());
  }

  private DestinationService ofCluster(String cluster) {
    DestinationService known = byCluster.get(cluster);
    if (known == null) {
      known = DestinationService.ofCluster(cluster);
      if (byCluster.size() < MOST_NAMES) {
        byCluster.put(cluster, known);
        byName.put(new Name(known.name(), known.namespace()), known);
      }
    }
    return known;
  }

  /** What callers of a service write: its name, its name and namespace, or its whole host. */
  private DestinationService ofAuthority(String authority, Workload destination) {
    int port = authority.lastIndexOf(':');
    String host = port < 0 ? authority : authority.substring(0, port);
    int dot = host.indexOf('.');
    String name = dot < 0 ? host : host.substring(0, dot);
    String rest = dot < 0 ? "" : host.substring(dot + 1);
    String namespace = destination.namespace();
    boolean inItsNamespace =
        rest.isEmpty() || rest.equals(namespace) || rest.startsWith(namespace + ".svc");
    DestinationService configured = byName.get(new Name(name, namespace));
    if (!inItsNamespace || (configured == null && !name.equals(destination.app()))) {
      return DestinationService.UNKNOWN;
    }
    return configured == null ? new DestinationService(name, name, namespace) : configured;
  }

  private record Name(String name, String namespace) {}
}
