/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.edges;

import java.util.List;

/**
 * What an edge carried in a window, without the figures of its components. The durations of parts
 * are null where they were not asked for.
 *
 * @param edge which
 * @param requestBytes bytes of requests, headers included
 * @param responseBytes bytes of responses
 * @param mutualTlsRequests calls under mutual TLS
 * @param principals those of the last such call
 * @param responses by code and flags; none where there was no call
 * @param total whole duration
 * @param sourceSidecar queue, work and connecting of the source's sidecar
 * @param network the roll-up
 * @param destinationSidecar queue, work and connecting of the destination's sidecar
 * @param application the roll-up
 */
public record EdgeTraffic(
    EdgeKey edge,
    long requestBytes,
    long responseBytes,
    long mutualTlsRequests,
    Principals principals,
    List<ResponseCount> responses,
    DurationCounts total,
    DurationCounts sourceSidecar,
    DurationCounts network,
    DurationCounts destinationSidecar,
    DurationCounts application) {}
