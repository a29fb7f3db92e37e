/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.history;

/**
 * Layer 4 of one segment over the calls that saw it.
 *
 * @param calls calls that saw it, at least 1
 * @param rttP50Nanos median of srtt; {@link HistoryFigures#ABSENT} where no call had one
 * @param retransmits segments sent again, both ends
 * @param drops segments dropped by the sockets, both ends
 * @param bytesSent bytes of requests
 * @param bytesReceived bytes of responses
 */
public record HistorySegmentFigures(
    long calls,
    long rttP50Nanos,
    long retransmits,
    long drops,
    long bytesSent,
    long bytesReceived) {}
