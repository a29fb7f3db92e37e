/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.graph;

import dev.sidelight.correlator.DestinationService;
import dev.sidelight.correlator.Workload;

/**
 * TCP connections between two workloads in the window.
 *
 * @param source who connected
 * @param destination who was connected to
 * @param service what the source named
 * @param flags Envoy's short names of response flags, {@code "-"} where none
 * @param bytesReceived from source to destination
 * @param bytesSent from destination to source
 * @param principals of the two proxies; none where it was no mutual TLS
 */
public record GraphTcpEdge(
    Workload source,
    Workload destination,
    DestinationService service,
    String flags,
    long bytesReceived,
    long bytesSent,
    GraphPrincipals principals) {}
