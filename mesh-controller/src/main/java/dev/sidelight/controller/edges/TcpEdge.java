/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.edges;

import dev.sidelight.correlator.DestinationService;
import dev.sidelight.correlator.Workload;

/**
 * Bytes of TCP connections in a window, each counted once though both proxies tell them.
 *
 * @param source who connected
 * @param destination who was connected to
 * @param service what the source named; {@link DestinationService#UNKNOWN} where only the
 *     destination's proxy told
 * @param responseFlags Envoy's short names, {@code "-"} where none
 * @param bytesReceived from source to destination
 * @param bytesSent from destination to source
 * @param principals {@link Principals#NONE} where it was no mutual TLS, or nobody told
 */
public record TcpEdge(
    Workload source,
    Workload destination,
    DestinationService service,
    String responseFlags,
    long bytesReceived,
    long bytesSent,
    Principals principals) {}
