/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.graph;

import java.util.List;

/**
 * What VirtualServices do with calls of a service, in Kiali's words.
 *
 * @param hostnames that they are for; null where there is none of them
 * @param faultInjection delays or aborts some
 * @param mirroring sends some elsewhere as well
 * @param requestRouting chooses a destination
 * @param requestTimeout bounds their time
 * @param tcpTrafficShifting shares connections between destinations
 * @param trafficShifting shares calls between destinations
 * @param serviceEntry the ServiceEntry that the service is of; null where it is Kubernetes' own
 */
public record ServiceBadges(
    List<String> hostnames,
    boolean faultInjection,
    boolean mirroring,
    boolean requestRouting,
    boolean requestTimeout,
    boolean tcpTrafficShifting,
    boolean trafficShifting,
    ServiceEntryBadge serviceEntry) {

  /** Of a service that nothing is said of. */
  public static final ServiceBadges NONE =
      new ServiceBadges(null, false, false, false, false, false, false, null);

  /**
   * A service that is not Kubernetes'.
   *
   * @param hosts its names
   * @param location MESH_EXTERNAL or MESH_INTERNAL
   * @param namespace of the ServiceEntry
   */
  public record ServiceEntryBadge(List<String> hosts, String location, String namespace) {

    /** Copies the hosts. */
    public ServiceEntryBadge {
      hosts = List.copyOf(hosts);
    }
  }
}
