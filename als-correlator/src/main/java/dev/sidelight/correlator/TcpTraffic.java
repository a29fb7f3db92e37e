/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

/**
 * What has happened on a TCP connection since its entry before. Added up over a connection, each of
 * its bytes is there once; its other proxy tells the same bytes again, as the other reporter.
 *
 * @param entry the entry that told it
 * @param opened whether the connection is new here
 * @param ended whether it has ended
 * @param bytesReceived from downstream, 0 or more
 * @param bytesSent to downstream, 0 or more
 * @param nanos that the connection lived, at its end; 0 before
 */
public record TcpTraffic(
    TcpLogEntry entry,
    boolean opened,
    boolean ended,
    long bytesReceived,
    long bytesSent,
    long nanos) {}
