/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import java.util.Objects;

/**
 * One access log entry of a TCP connection. Its counters are cumulative since the connection began:
 * {@link TcpConnections} makes differences of them.
 *
 * @param proxy the Envoy that wrote it
 * @param direction inbound or outbound
 * @param kind which of a connection's entries it is
 * @param streamId names the connection at this Envoy
 * @param startEpochNanos start_time, wall clock; Envoy logs whole microseconds
 * @param durationNanos since the connection began; {@link AccessLogEntry#ABSENT} where Envoy did
 *     not log it: it does at the end only
 * @param downstreamRemote peer of the downstream connection
 * @param upstreamRemote null where no upstream was chosen
 * @param downstreamPeer who is behind the downstream connection; {@link Workload#UNKNOWN} where the
 *     entry does not tell
 * @param upstreamPeer who is behind the upstream connection
 * @param upstreamCluster Envoy's cluster name
 * @param peerPrincipal SPIFFE id that the downstream peer showed, empty where it showed none
 * @param localPrincipal SPIFFE id that this proxy showed downstream, empty where it showed none
 * @param responseFlags Envoy's short names, comma separated, {@code "-"} where none
 * @param bytesReceived from downstream, since the connection began
 * @param bytesSent to downstream, since the connection began
 */
public record TcpLogEntry(
    Proxy proxy,
    TrafficDirection direction,
    Kind kind,
    String streamId,
    long startEpochNanos,
    long durationNanos,
    SocketAddress downstreamRemote,
    SocketAddress upstreamRemote,
    Workload downstreamPeer,
    Workload upstreamPeer,
    String upstreamCluster,
    String peerPrincipal,
    String localPrincipal,
    String responseFlags,
    long bytesReceived,
    long bytesSent) {

  /** Which of a connection's entries it is. */
  public enum Kind {
    /** Upstream has been connected. */
    CONNECTED,
    /** The connection lives on. */
    PERIODIC,
    /** The connection has ended: one a connection. */
    END
  }

  /** Rejects null and negative counters. */
  public TcpLogEntry {
    Objects.requireNonNull(proxy, "proxy");
    Objects.requireNonNull(direction, "direction");
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(streamId, "streamId");
    Objects.requireNonNull(peerPrincipal, "peerPrincipal");
    Objects.requireNonNull(localPrincipal, "localPrincipal");
    Objects.requireNonNull(downstreamPeer, "downstreamPeer");
    Objects.requireNonNull(upstreamPeer, "upstreamPeer");
    if (bytesReceived < 0 || bytesSent < 0) {
      throw new IllegalArgumentException(
          "negative: received " + bytesReceived + ", sent " + bytesSent);
    }
  }

  /**
   * The service that the source connected to; {@link DestinationService#UNKNOWN} where the
   * destination's proxy tells, whose cluster is of its own pod.
   */
  public DestinationService destinationService() {
    return isOfSource()
        ? DestinationService.ofCluster(upstreamCluster)
        : DestinationService.UNKNOWN;
  }

  /** SPIFFE id of the source's proxy; empty but where the destination's saw its certificate. */
  public String sourcePrincipal() {
    return isOfSource() ? "" : peerPrincipal;
  }

  /** SPIFFE id of the destination's proxy; empty but where it tells it. */
  public String destinationPrincipal() {
    return isOfSource() ? "" : localPrincipal;
  }

  /** Who opened the connection. */
  public Workload source() {
    return isOfSource() ? proxy.workload() : downstreamPeer;
  }

  /** Who accepted it. */
  public Workload destination() {
    return isOfSource() ? upstreamPeer : proxy.workload();
  }

  /** Whether the source's proxy tells, rather than the destination's. */
  public boolean isOfSource() {
    return direction == TrafficDirection.OUTBOUND;
  }
}
