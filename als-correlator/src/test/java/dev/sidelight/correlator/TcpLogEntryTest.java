/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TcpLogEntryTest {

  private static final Workload CLIENT = new Workload("k", "ns", "client", "client", "v1");
  private static final Workload DATABASE = new Workload("k", "ns", "db", "db", "v1");

  @Test
  void sourcesProxy_tellsTheServiceAndNoPrincipals() {
    TcpLogEntry entry = entry(TrafficDirection.OUTBOUND, CLIENT);
    assertThat(entry.destinationService())
        .isEqualTo(DestinationService.ofCluster("outbound|3306||db.ns.svc.cluster.local"));
    assertThat(entry.sourcePrincipal()).isEmpty();
    assertThat(entry.destinationPrincipal()).isEmpty();
    assertThat(entry.source()).isEqualTo(CLIENT);
    assertThat(entry.destination()).isEqualTo(DATABASE);
  }

  @Test
  void destinationsProxy_tellsThePrincipalsAndNoService() {
    TcpLogEntry entry = entry(TrafficDirection.INBOUND, DATABASE);
    assertThat(entry.destinationService()).isEqualTo(DestinationService.UNKNOWN);
    assertThat(entry.sourcePrincipal()).isEqualTo("spiffe://td/ns/ns/sa/client");
    assertThat(entry.destinationPrincipal()).isEqualTo("spiffe://td/ns/ns/sa/db");
    assertThat(entry.source()).isEqualTo(CLIENT);
    assertThat(entry.destination()).isEqualTo(DATABASE);
  }

  private static TcpLogEntry entry(TrafficDirection direction, Workload own) {
    return new TcpLogEntry(
        new Proxy("node", ProxyType.SIDECAR, "10.0.0.1", own),
        direction,
        TcpLogEntry.Kind.END,
        "stream",
        1,
        1_000_000_000,
        null,
        null,
        CLIENT,
        DATABASE,
        "outbound|3306||db.ns.svc.cluster.local",
        "spiffe://td/ns/ns/sa/client",
        "spiffe://td/ns/ns/sa/db",
        "-",
        1,
        1);
  }
}
