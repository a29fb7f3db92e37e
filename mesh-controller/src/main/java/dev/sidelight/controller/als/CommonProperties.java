/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.als;

import dev.sidelight.correlator.AccessLogEntry;
import dev.sidelight.correlator.AccessLogEntryBuilder;
import dev.sidelight.correlator.Proxy;
import dev.sidelight.correlator.SocketAddress;
import dev.sidelight.correlator.TcpLogEntry;
import dev.sidelight.correlator.TrafficDirection;
import java.io.IOException;

/**
 * Reads envoy.data.accesslog.v3.AccessLogCommon into the builder, and keeps what decides over the
 * entry. Numbers are those of the message's fields.
 */
final class CommonProperties {

  private static final int NOT_SET = 0;
  private static final int TCP_CONNECTED = 1;
  private static final int TCP_PERIODIC = 2;
  private static final int TCP_END = 3;
  private static final int DOWNSTREAM_START = 4;
  private static final int DOWNSTREAM_PERIODIC = 5;
  private static final int DOWNSTREAM_END = 6;
  private static final int UPSTREAM_POOL_READY = 7;
  private static final int UPSTREAM_PERIODIC = 8;
  private static final int UPSTREAM_END = 9;

  /** Note of an entry whose filter state has an object of a type that we do not know. */
  private static final String UNKNOWN_ANY = "unknown_any";

  /** Note of an entry of which a tag of ours could not be read. */
  private static final String UNREADABLE_TAG = "unreadable_tag";

  /** Note of an entry whose filter state has a peer that could not be read. */
  private static final String UNREADABLE_PEER = "unreadable_peer";

  // deps
  private final AccessLogEntryBuilder entry;
  private final CustomTags tags = new CustomTags();
  private final FilterStatePeers told = new FilterStatePeers();
  private final PeerIdentity identity;

  // state
  private long startEpochNanos;
  private SocketAddress downstreamRemote;
  private SocketAddress downstreamDirectRemote;
  private SocketAddress upstreamRemote;
  private final Principals principals = new Principals();
  private String upstreamCluster;
  private int accessLogType;

  CommonProperties(AccessLogEntryBuilder entry, PodNames pods) {
    this.entry = entry;
    this.identity = new PeerIdentity(pods);
    clear();
  }

  void clear() {
    tags.clear();
    told.clear();
    identity.clear();
    startEpochNanos = 0;
    downstreamRemote = null;
    downstreamDirectRemote = null;
    upstreamRemote = null;
    principals.clear();
    upstreamCluster = "";
    accessLogType = NOT_SET;
  }

  void read(WireReader in) throws IOException, RefusedException {
    int outer = in.enter();
    for (int field = in.nextField(); field != 0; field = in.nextField()) {
      if (!readTime(in, field) && !readAddress(in, field)) {
        readRest(in, field);
      }
    }
    in.leave(outer);
  }

  private boolean readTime(WireReader in, int field) throws IOException, RefusedException {
    switch (field) {
      case 5 -> startEpochNanos = TimeFields.epochNanos(in);
      case 6 -> entry.lastDownstreamRxNanos(TimeFields.durationNanos(in));
      case 7 -> entry.firstUpstreamTxNanos(TimeFields.durationNanos(in));
      case 8 -> entry.lastUpstreamTxNanos(TimeFields.durationNanos(in));
      case 9 -> entry.firstUpstreamRxNanos(TimeFields.durationNanos(in));
      case 10 -> entry.lastUpstreamRxNanos(TimeFields.durationNanos(in));
      case 11 -> entry.firstDownstreamTxNanos(TimeFields.durationNanos(in));
      case 12 -> entry.lastDownstreamTxNanos(TimeFields.durationNanos(in));
      case 23 -> entry.durationNanos(TimeFields.durationNanos(in));
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean readAddress(WireReader in, int field) throws IOException, RefusedException {
    switch (field) {
      case 2 -> downstreamRemote = AddressFields.read(in);
      case 3 -> entry.downstreamLocal(AddressFields.read(in));
      case 13 -> upstreamRemote = AddressFields.read(in);
      case 14 -> entry.upstreamLocal(AddressFields.read(in));
      case 20 -> downstreamDirectRemote = AddressFields.read(in);
      default -> {
        return false;
      }
    }
    return true;
  }

  private void readRest(WireReader in, int field) throws IOException {
    switch (field) {
      case 4 -> principals.read(in);
      case 15 -> upstreamCluster = in.pooledString();
      case 16 -> entry.responseFlags(ResponseFlagNames.read(in));
      case 19 -> entry.routeName(in.pooledString());
      case 21 -> told.read(in);
      case 22 -> tags.read(in, entry);
      case 24 -> entry.attemptCount((int) in.varint());
      // Mostly the request id, which comes again below: one string for both.
      case 26 -> entry.streamId(in.pooledString());
      case 29 -> entry.bytesSent(in.varint());
      case 30 -> entry.bytesReceived(in.varint());
      case 33 -> accessLogType = (int) in.varint();
      default -> in.skip();
    }
  }

  /** Null where it is an entry of a stream's beginning or middle. */
  AccessLogEntry.Kind kind() {
    return switch (accessLogType) {
      case DOWNSTREAM_END -> AccessLogEntry.Kind.DOWNSTREAM_END;
      case UPSTREAM_END -> AccessLogEntry.Kind.UPSTREAM_END;
      case NOT_SET ->
          tags.upstreamLog()
              ? AccessLogEntry.Kind.UPSTREAM_END
              : AccessLogEntry.Kind.DOWNSTREAM_END;
      default -> null;
    };
  }

  /** Whether it is an attempt that Envoy made for nobody downstream: it mirrors requests so. */
  boolean isOwnRequest(AccessLogEntry.Kind kind) {
    return kind == AccessLogEntry.Kind.UPSTREAM_END && downstreamRemote() == null;
  }

  /** What an entry that is none for the correlator is of: a label value. */
  String intermediate() {
    return switch (accessLogType) {
      case DOWNSTREAM_START -> "downstream_start";
      case DOWNSTREAM_PERIODIC -> "downstream_periodic";
      case UPSTREAM_POOL_READY -> "upstream_pool_ready";
      case UPSTREAM_PERIODIC -> "upstream_periodic";
      case UPSTREAM_END, NOT_SET -> "mirrored";
      default -> "other_type";
    };
  }

  /**
   * Whether it is of a TCP connection, by its type: an HTTP logger that Istio puts on TCP proxies
   * writes such.
   */
  boolean isOfTcp() {
    return accessLogType == TCP_CONNECTED
        || accessLogType == TCP_PERIODIC
        || accessLogType == TCP_END;
  }

  /**
   * What a TCP logger wrote; older Envoys set no type and log the end alone. Null where it is of an
   * HTTP stream: Istio puts a TCP logger on HTTP connection managers too.
   */
  TcpLogEntry.Kind tcpKind() throws RefusedException {
    return switch (accessLogType) {
      case TCP_CONNECTED -> TcpLogEntry.Kind.CONNECTED;
      case TCP_PERIODIC -> TcpLogEntry.Kind.PERIODIC;
      case TCP_END, NOT_SET -> TcpLogEntry.Kind.END;
      case DOWNSTREAM_START, DOWNSTREAM_PERIODIC, DOWNSTREAM_END -> null;
      case UPSTREAM_POOL_READY, UPSTREAM_PERIODIC, UPSTREAM_END -> null;
      default -> throw new RefusedException("no_tcp_type", "a TCP entry of type " + accessLogType);
    };
  }

  /** Gives the builder what was kept here; refuses an entry that no join could use. */
  void complete(Proxy proxy) throws RefusedException {
    if (startEpochNanos == 0) {
      throw new RefusedException("no_start_time", "an entry without start_time");
    }
    if (downstreamRemote() == null) {
      throw new RefusedException(
          "no_downstream_address", "an entry without the address of its downstream peer");
    }
    entry.startEpochNanos(startEpochNanos);
    TrafficDirection direction = direction(proxy);
    boolean ownDownstream = !proxy.type().standsAlone() && direction == TrafficDirection.OUTBOUND;
    boolean ownUpstream = !proxy.type().standsAlone() && direction == TrafficDirection.INBOUND;
    entry.proxy(proxy).direction(direction);
    entry.downstreamRemote(downstreamRemote()).upstreamRemote(upstreamRemote);
    entry
        .upstreamCluster(upstreamCluster)
        .peerPrincipal(principals.peer())
        .localPrincipal(principals.local());
    if (!ownDownstream) {
      entry.downstreamPeer(
          identity.downstream(
              told.downstream(), principals.peer(), downstreamRemote(), startEpochNanos));
    }
    if (!ownUpstream) {
      entry.upstreamPeer(
          identity.upstream(
              told.upstream(),
              upstreamCluster,
              proxy.workload().cluster(),
              upstreamRemote,
              startEpochNanos));
    }
  }

  /** The tag says it; without it, Istio's names of clusters; without one, who connected. */
  private TrafficDirection direction(Proxy proxy) {
    if (tags.direction() != null) {
      return tags.direction();
    }
    if (proxy.type().standsAlone()) {
      return TrafficDirection.OUTBOUND;
    }
    if (upstreamCluster.startsWith("inbound|")) {
      return TrafficDirection.INBOUND;
    }
    boolean ofThePod = downstreamRemote().address().equals(proxy.podAddress());
    return upstreamCluster.startsWith("outbound|") || ofThePod
        ? TrafficDirection.OUTBOUND
        : TrafficDirection.INBOUND;
  }

  /** What of the entry was left out; empty where nothing was. */
  String note() {
    if (told.unknownAny()) {
      return UNKNOWN_ANY;
    }
    if (told.unreadable()) {
      return UNREADABLE_PEER;
    }
    return tags.unreadable() ? UNREADABLE_TAG : "";
  }

  /** The evidence about its peers that something more trusted contradicts; else empty. */
  String contradicted() {
    return identity.contradicted();
  }

  /**
   * The connection's peer: behind a gateway downstream_remote_address is what x-forwarded-for
   * names.
   */
  private SocketAddress downstreamRemote() {
    return downstreamDirectRemote == null ? downstreamRemote : downstreamDirectRemote;
  }
}
