/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import java.util.Objects;

/**
 * Builds an {@link AccessLogEntry}; reusable after {@link #clear()}, one thread. Setters are named
 * as the record's components and return this builder.
 */
public final class AccessLogEntryBuilder {
  private Proxy proxy;
  private TrafficDirection direction;
  private AccessLogEntry.Kind kind;
  private long startEpochNanos;
  private long lastDownstreamRxNanos;
  private long firstUpstreamTxNanos;
  private long lastUpstreamTxNanos;
  private long firstUpstreamRxNanos;
  private long lastUpstreamRxNanos;
  private long firstDownstreamTxNanos;
  private long lastDownstreamTxNanos;
  private long durationNanos;
  private long poolReadyNanos;
  private long connectNanos;
  private long handshakeNanos;
  private SocketAddress downstreamRemote;
  private SocketAddress downstreamLocal;
  private SocketAddress upstreamRemote;
  private SocketAddress upstreamLocal;
  private long connectionId;
  private long upstreamConnectionId;
  private String upstreamCluster;
  private String routeName;
  private String protocol;
  private String method;
  private String authority;
  private String path;
  private String requestId;
  private String traceparent;
  private String streamId;
  private int responseCode;
  private String responseFlags;
  private String responseCodeDetails;
  private int attemptCount;
  private String peerPrincipal;
  private String localPrincipal;
  private Workload downstreamPeer;
  private Workload upstreamPeer;
  private boolean downstreamHttp2;
  private boolean upstreamHttp2;
  private long bytesReceived;
  private long bytesSent;

  AccessLogEntryBuilder() {
    clear();
  }

  /** Sets everything to absent. */
  public void clear() {
    proxy = null;
    direction = null;
    kind = AccessLogEntry.Kind.DOWNSTREAM_END;
    startEpochNanos = 0;
    lastDownstreamRxNanos = AccessLogEntry.ABSENT;
    firstUpstreamTxNanos = AccessLogEntry.ABSENT;
    lastUpstreamTxNanos = AccessLogEntry.ABSENT;
    firstUpstreamRxNanos = AccessLogEntry.ABSENT;
    lastUpstreamRxNanos = AccessLogEntry.ABSENT;
    firstDownstreamTxNanos = AccessLogEntry.ABSENT;
    lastDownstreamTxNanos = AccessLogEntry.ABSENT;
    durationNanos = AccessLogEntry.ABSENT;
    poolReadyNanos = AccessLogEntry.ABSENT;
    connectNanos = AccessLogEntry.ABSENT;
    handshakeNanos = AccessLogEntry.ABSENT;
    downstreamRemote = null;
    downstreamLocal = null;
    upstreamRemote = null;
    upstreamLocal = null;
    connectionId = AccessLogEntry.ABSENT;
    upstreamConnectionId = AccessLogEntry.ABSENT;
    upstreamCluster = "";
    routeName = "";
    protocol = "http";
    method = "";
    authority = "";
    path = "";
    requestId = "";
    traceparent = "";
    streamId = "";
    responseCode = 0;
    responseFlags = "-";
    responseCodeDetails = "";
    attemptCount = 0;
    peerPrincipal = "";
    localPrincipal = "";
    downstreamPeer = Workload.UNKNOWN;
    upstreamPeer = Workload.UNKNOWN;
    downstreamHttp2 = false;
    upstreamHttp2 = false;
    bytesReceived = 0;
    bytesSent = 0;
  }

  /** See {@link AccessLogEntry#proxy()}. */
  public AccessLogEntryBuilder proxy(Proxy value) {
    proxy = value;
    return this;
  }

  /** See {@link AccessLogEntry#direction()}. */
  public AccessLogEntryBuilder direction(TrafficDirection value) {
    direction = value;
    return this;
  }

  /** See {@link AccessLogEntry#kind()}. */
  public AccessLogEntryBuilder kind(AccessLogEntry.Kind value) {
    kind = value;
    return this;
  }

  /** See {@link AccessLogEntry#startEpochNanos()}. */
  public AccessLogEntryBuilder startEpochNanos(long value) {
    startEpochNanos = value;
    return this;
  }

  /** See {@link AccessLogEntry#lastDownstreamRxNanos()}. */
  public AccessLogEntryBuilder lastDownstreamRxNanos(long value) {
    lastDownstreamRxNanos = value;
    return this;
  }

  /** See {@link AccessLogEntry#firstUpstreamTxNanos()}. */
  public AccessLogEntryBuilder firstUpstreamTxNanos(long value) {
    firstUpstreamTxNanos = value;
    return this;
  }

  /** See {@link AccessLogEntry#lastUpstreamTxNanos()}. */
  public AccessLogEntryBuilder lastUpstreamTxNanos(long value) {
    lastUpstreamTxNanos = value;
    return this;
  }

  /** See {@link AccessLogEntry#firstUpstreamRxNanos()}. */
  public AccessLogEntryBuilder firstUpstreamRxNanos(long value) {
    firstUpstreamRxNanos = value;
    return this;
  }

  /** See {@link AccessLogEntry#lastUpstreamRxNanos()}. */
  public AccessLogEntryBuilder lastUpstreamRxNanos(long value) {
    lastUpstreamRxNanos = value;
    return this;
  }

  /** See {@link AccessLogEntry#firstDownstreamTxNanos()}. */
  public AccessLogEntryBuilder firstDownstreamTxNanos(long value) {
    firstDownstreamTxNanos = value;
    return this;
  }

  /** See {@link AccessLogEntry#lastDownstreamTxNanos()}. */
  public AccessLogEntryBuilder lastDownstreamTxNanos(long value) {
    lastDownstreamTxNanos = value;
    return this;
  }

  /** See {@link AccessLogEntry#durationNanos()}. */
  public AccessLogEntryBuilder durationNanos(long value) {
    durationNanos = value;
    return this;
  }

  /** See {@link AccessLogEntry#poolReadyNanos()}. */
  public AccessLogEntryBuilder poolReadyNanos(long value) {
    poolReadyNanos = value;
    return this;
  }

  /** See {@link AccessLogEntry#connectNanos()}. */
  public AccessLogEntryBuilder connectNanos(long value) {
    connectNanos = value;
    return this;
  }

  /** See {@link AccessLogEntry#handshakeNanos()}. */
  public AccessLogEntryBuilder handshakeNanos(long value) {
    handshakeNanos = value;
    return this;
  }

  /** See {@link AccessLogEntry#downstreamRemote()}. */
  public AccessLogEntryBuilder downstreamRemote(SocketAddress value) {
    downstreamRemote = value;
    return this;
  }

  /** See {@link AccessLogEntry#downstreamLocal()}. */
  public AccessLogEntryBuilder downstreamLocal(SocketAddress value) {
    downstreamLocal = value;
    return this;
  }

  /** See {@link AccessLogEntry#upstreamRemote()}. */
  public AccessLogEntryBuilder upstreamRemote(SocketAddress value) {
    upstreamRemote = value;
    return this;
  }

  /** See {@link AccessLogEntry#upstreamLocal()}. */
  public AccessLogEntryBuilder upstreamLocal(SocketAddress value) {
    upstreamLocal = value;
    return this;
  }

  /** See {@link AccessLogEntry#connectionId()}. */
  public AccessLogEntryBuilder connectionId(long value) {
    connectionId = value;
    return this;
  }

  /** See {@link AccessLogEntry#upstreamConnectionId()}. */
  public AccessLogEntryBuilder upstreamConnectionId(long value) {
    upstreamConnectionId = value;
    return this;
  }

  /** See {@link AccessLogEntry#upstreamCluster()}. */
  public AccessLogEntryBuilder upstreamCluster(String value) {
    upstreamCluster = value;
    return this;
  }

  /** See {@link AccessLogEntry#routeName()}. */
  public AccessLogEntryBuilder routeName(String value) {
    routeName = value;
    return this;
  }

  /** See {@link AccessLogEntry#protocol()}. */
  public AccessLogEntryBuilder protocol(String value) {
    protocol = value;
    return this;
  }

  /** See {@link AccessLogEntry#method()}. */
  public AccessLogEntryBuilder method(String value) {
    method = value;
    return this;
  }

  /** See {@link AccessLogEntry#authority()}. */
  public AccessLogEntryBuilder authority(String value) {
    authority = value;
    return this;
  }

  /** See {@link AccessLogEntry#path()}. */
  public AccessLogEntryBuilder path(String value) {
    path = value;
    return this;
  }

  /** See {@link AccessLogEntry#requestId()}. */
  public AccessLogEntryBuilder requestId(String value) {
    requestId = value;
    return this;
  }

  /** Sets stream_id, of which the entry keeps {@link AccessLogEntry#streamKey()}. */
  public AccessLogEntryBuilder streamId(String value) {
    streamId = value;
    return this;
  }

  /** As it was set; empty where it was not. */
  public String streamId() {
    return streamId;
  }

  /** See {@link AccessLogEntry#traceparent()}. */
  public AccessLogEntryBuilder traceparent(String value) {
    traceparent = value;
    return this;
  }

  /** See {@link AccessLogEntry#responseCode()}. */
  public AccessLogEntryBuilder responseCode(int value) {
    responseCode = value;
    return this;
  }

  /** See {@link AccessLogEntry#responseFlags()}. */
  public AccessLogEntryBuilder responseFlags(String value) {
    responseFlags = value;
    return this;
  }

  /** See {@link AccessLogEntry#responseCodeDetails()}. */
  public AccessLogEntryBuilder responseCodeDetails(String value) {
    responseCodeDetails = value;
    return this;
  }

  /** See {@link AccessLogEntry#attemptCount()}. */
  public AccessLogEntryBuilder attemptCount(int value) {
    attemptCount = value;
    return this;
  }

  /** See {@link AccessLogEntry#peerPrincipal()}. */
  public AccessLogEntryBuilder peerPrincipal(String value) {
    peerPrincipal = value;
    return this;
  }

  /** See {@link AccessLogEntry#localPrincipal()}. */
  public AccessLogEntryBuilder localPrincipal(String value) {
    localPrincipal = value;
    return this;
  }

  /** See {@link AccessLogEntry#downstreamPeer()}. */
  public AccessLogEntryBuilder downstreamPeer(Workload value) {
    downstreamPeer = value;
    return this;
  }

  /** See {@link AccessLogEntry#upstreamPeer()}. */
  public AccessLogEntryBuilder upstreamPeer(Workload value) {
    upstreamPeer = value;
    return this;
  }

  /** See {@link AccessLogEntry#downstreamHttp2()}. */
  public AccessLogEntryBuilder downstreamHttp2(boolean value) {
    downstreamHttp2 = value;
    return this;
  }

  /** See {@link AccessLogEntry#upstreamHttp2()}. */
  public AccessLogEntryBuilder upstreamHttp2(boolean value) {
    upstreamHttp2 = value;
    return this;
  }

  /** See {@link AccessLogEntry#bytesReceived()}. */
  public AccessLogEntryBuilder bytesReceived(long value) {
    bytesReceived = value;
    return this;
  }

  /** See {@link AccessLogEntry#bytesSent()}. */
  public AccessLogEntryBuilder bytesSent(long value) {
    bytesSent = value;
    return this;
  }

  /**
   * The entry.
   *
   * @throws NullPointerException when proxy, direction or downstreamRemote is not set
   */
  public AccessLogEntry build() {
    Objects.requireNonNull(proxy, "proxy");
    Objects.requireNonNull(direction, "direction");
    Objects.requireNonNull(downstreamRemote, "downstreamRemote");
    return new AccessLogEntry(
        proxy,
        direction,
        kind,
        startEpochNanos,
        lastDownstreamRxNanos,
        firstUpstreamTxNanos,
        lastUpstreamTxNanos,
        firstUpstreamRxNanos,
        lastUpstreamRxNanos,
        firstDownstreamTxNanos,
        lastDownstreamTxNanos,
        durationNanos,
        poolReadyNanos,
        connectNanos,
        handshakeNanos,
        downstreamRemote,
        downstreamLocal,
        upstreamRemote,
        upstreamLocal,
        connectionId,
        upstreamConnectionId,
        upstreamCluster,
        routeName,
        protocol,
        method,
        authority,
        path,
        requestId,
        traceparent,
        key(streamId),
        responseCode,
        responseFlags,
        responseCodeDetails,
        attemptCount,
        peerPrincipal,
        localPrincipal,
        downstreamPeer,
        upstreamPeer,
        downstreamHttp2,
        upstreamHttp2,
        bytesReceived,
        bytesSent);
  }

  /** FNV-1a (RFC 9923) in 64 bits; 0 for an empty text. */
  private static long key(String text) {
    long key = text.isEmpty() ? 0 : 0xcbf29ce484222325L;
    for (int i = 0; i < text.length(); i++) {
      key = (key ^ text.charAt(i)) * 0x100000001b3L;
    }
    return key;
  }
}
