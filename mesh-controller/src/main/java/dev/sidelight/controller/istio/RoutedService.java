/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.istio;

import java.util.ArrayList;
import java.util.List;

/**
 * What VirtualServices do with calls of a service.
 *
 * @param hostnames that they are for
 * @param faultInjection delay or abort some
 * @param mirroring send some elsewhere as well
 * @param requestTimeout bound their time
 * @param tcpTrafficShifting share connections between destinations
 * @param trafficShifting share calls between destinations
 */
public record RoutedService(
    List<String> hostnames,
    boolean faultInjection,
    boolean mirroring,
    boolean requestTimeout,
    boolean tcpTrafficShifting,
    boolean trafficShifting) {

  /** Copies the names. */
  public RoutedService {
    hostnames = List.copyOf(hostnames);
  }

  /** Of a service that two VirtualServices are about. */
  RoutedService and(RoutedService other) {
    List<String> all = new ArrayList<>(hostnames);
    other.hostnames.stream().filter(name -> !all.contains(name)).forEach(all::add);
    return new RoutedService(
        all,
        faultInjection || other.faultInjection,
        mirroring || other.mirroring,
        requestTimeout || other.requestTimeout,
        tcpTrafficShifting || other.tcpTrafficShifting,
        trafficShifting || other.trafficShifting);
  }
}
