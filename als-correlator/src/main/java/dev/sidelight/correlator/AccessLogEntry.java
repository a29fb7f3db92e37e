/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

/**
 * One HTTP access log entry, reduced to what the join and the arithmetic need. Times to a byte are
 * nanoseconds after {@link #startEpochNanos}; {@link #ABSENT} where Envoy did not log them (absent
 * is not zero). Strings are never null; empty where absent.
 *
 * @param proxy the Envoy that wrote it
 * @param direction inbound or outbound
 * @param kind the stream's end, or one attempt of the router
 * @param startEpochNanos start_time, wall clock; Envoy logs whole microseconds
 * @param lastDownstreamRxNanos time_to_last_rx_byte
 * @param firstUpstreamTxNanos time_to_first_upstream_tx_byte
 * @param lastUpstreamTxNanos time_to_last_upstream_tx_byte
 * @param firstUpstreamRxNanos time_to_first_upstream_rx_byte
 * @param lastUpstreamRxNanos time_to_last_upstream_rx_byte
 * @param firstDownstreamTxNanos time_to_first_downstream_tx_byte
 * @param lastDownstreamTxNanos time_to_last_downstream_tx_byte
 * @param durationNanos duration of the stream
 * @param poolReadyNanos from the upstream request's creation until the pool had a connection for it
 * @param connectNanos TCP connect of the upstream connection, at its creation, whichever request
 *     that served
 * @param handshakeNanos TLS handshake of the upstream connection, at its creation
 * @param downstreamRemote peer of the downstream connection
 * @param downstreamLocal original destination of the downstream connection; null where unknown
 * @param upstreamRemote null where no upstream was chosen
 * @param upstreamLocal null where no upstream was connected
 * @param connectionId Envoy's id of the downstream connection, {@link #ABSENT} where not logged
 * @param upstreamConnectionId the same upstream
 * @param upstreamCluster Envoy's cluster name
 * @param routeName Envoy's route name
 * @param protocol {@code http} or {@code grpc}
 * @param method request method
 * @param authority request's authority
 * @param path path without query string
 * @param requestId x-request-id
 * @param traceparent the request's header of that name, as the proxy sent it on; not checked
 * @param streamKey 64 bits made of stream_id, to tell one entry from another
 * @param responseCode 0 where there was no response
 * @param responseFlags Envoy's short names, comma separated, {@code "-"} where none
 * @param responseCodeDetails response_code_details
 * @param attemptCount upstream_request_attempt_count; 0 where none was made
 * @param peerPrincipal the downstream peer's certificate URI SAN
 * @param localPrincipal the URI SAN of the certificate that this proxy showed it
 * @param downstreamPeer who is behind the downstream connection, as far as this entry tells; {@link
 *     Workload#UNKNOWN} where it does not, and always at a sidecar's outbound side, whose
 *     downstream is its own app
 * @param upstreamPeer the same of the upstream connection; unknown at a sidecar's inbound side
 * @param downstreamHttp2 whether the downstream stream is one of HTTP/2
 * @param upstreamHttp2 the same upstream; false where Envoy did not log it
 * @param bytesReceived downstream wire bytes received
 * @param bytesSent downstream wire bytes sent
 */
public record AccessLogEntry(
    Proxy proxy,
    TrafficDirection direction,
    Kind kind,
    long startEpochNanos,
    long lastDownstreamRxNanos,
    long firstUpstreamTxNanos,
    long lastUpstreamTxNanos,
    long firstUpstreamRxNanos,
    long lastUpstreamRxNanos,
    long firstDownstreamTxNanos,
    long lastDownstreamTxNanos,
    long durationNanos,
    long poolReadyNanos,
    long connectNanos,
    long handshakeNanos,
    SocketAddress downstreamRemote,
    SocketAddress downstreamLocal,
    SocketAddress upstreamRemote,
    SocketAddress upstreamLocal,
    long connectionId,
    long upstreamConnectionId,
    String upstreamCluster,
    String routeName,
    String protocol,
    String method,
    String authority,
    String path,
    String requestId,
    String traceparent,
    long streamKey,
    int responseCode,
    String responseFlags,
    String responseCodeDetails,
    int attemptCount,
    String peerPrincipal,
    String localPrincipal,
    Workload downstreamPeer,
    Workload upstreamPeer,
    boolean downstreamHttp2,
    boolean upstreamHttp2,
    long bytesReceived,
    long bytesSent) {

  /** A time or id that Envoy did not log. */
  public static final long ABSENT = -1;

  /** Which of a stream's entries it is. */
  public enum Kind {
    /** The downstream stream has ended: one a request. */
    DOWNSTREAM_END,
    /** One attempt of the router has ended (upstream_log): never counted as a request. */
    UPSTREAM_END
  }

  /** Whether it became another protocol's connection (WebSocket): its duration is no latency. */
  public boolean isUpgraded() {
    return responseCode == 101;
  }

  /** A builder in which everything is absent but what is set. */
  public static AccessLogEntryBuilder builder() {
    return new AccessLogEntryBuilder();
  }
}
