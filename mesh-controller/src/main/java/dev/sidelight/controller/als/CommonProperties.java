/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.als;

import dev.sidelight.correlator.AccessLogEntry;
import dev.sidelight.correlator.AccessLogEntryBuilder;
import dev.sidelight.correlator.SocketAddress;
import java.io.IOException;

/**
 * Reads envoy.data.accesslog.v3.AccessLogCommon into the builder, and keeps what decides over the
 * entry. Numbers are those of the message's fields.
 */
final class CommonProperties {

  private static final int NOT_SET = 0;
  private static final int DOWNSTREAM_END = 6;
  private static final int UPSTREAM_END = 9;

  /** Types of google.protobuf, which Envoy's own filters put there; all others are news to us. */
  private static final String KNOWN_TYPES = "type.googleapis.com/google.protobuf.";

  // deps
  private final AccessLogEntryBuilder entry;
  private final CustomTags tags = new CustomTags();

  // state
  private long startEpochNanos;
  private SocketAddress downstreamRemote;
  private SocketAddress downstreamDirectRemote;
  private String upstreamCluster;
  private int accessLogType;
  private boolean unknownAny;

  CommonProperties(AccessLogEntryBuilder entry) {
    this.entry = entry;
    clear();
  }

  void clear() {
    tags.clear();
    startEpochNanos = 0;
    downstreamRemote = null;
    downstreamDirectRemote = null;
    upstreamCluster = "";
    accessLogType = NOT_SET;
    unknownAny = false;
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
      case 13 -> entry.upstreamRemote(AddressFields.read(in));
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
      case 4 -> entry.peerPrincipal(PeerPrincipal.read(in));
      case 15 -> upstreamCluster = in.pooledString();
      case 16 -> entry.responseFlags(ResponseFlagNames.read(in));
      case 19 -> entry.routeName(in.pooledString());
      case 21 -> readFilterState(in);
      case 22 -> tags.read(in, entry);
      case 24 -> entry.attemptCount((int) in.varint());
      case 26 -> entry.streamId(in.string());
      case 29 -> entry.bytesSent(in.varint());
      case 30 -> entry.bytesReceived(in.varint());
      case 33 -> accessLogType = (int) in.varint();
      default -> in.skip();
    }
  }

  /** Nothing in filter state is used; but a type that we do not know shall not pass unnoticed. */
  private void readFilterState(WireReader in) throws IOException {
    int outer = in.enter();
    for (int field = in.nextField(); field != 0; field = in.nextField()) {
      if (field == 2) {
        unknownAny |= !typeUrl(in).startsWith(KNOWN_TYPES);
      } else {
        in.skip();
      }
    }
    in.leave(outer);
  }

  private static String typeUrl(WireReader in) throws IOException {
    String typeUrl = "";
    int outer = in.enter();
    for (int field = in.nextField(); field != 0; field = in.nextField()) {
      if (field == 1) {
        typeUrl = in.pooledString();
      } else {
        in.skip();
      }
    }
    in.leave(outer);
    return typeUrl;
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

  /** Gives the builder what was kept here; refuses an entry that no join could use. */
  void complete() throws RefusedException {
    if (startEpochNanos == 0) {
      throw new RefusedException("no_start_time", "an entry without start_time");
    }
    if (downstreamRemote() == null) {
      throw new RefusedException(
          "no_downstream_address", "an entry without the address of its downstream peer");
    }
    entry.startEpochNanos(startEpochNanos);
    entry.downstreamRemote(downstreamRemote());
    entry.upstreamCluster(upstreamCluster);
  }

  CustomTags tags() {
    return tags;
  }

  String upstreamCluster() {
    return upstreamCluster;
  }

  /**
   * The connection's peer: behind a gateway downstream_remote_address is what x-forwarded-for
   * names.
   */
  SocketAddress downstreamRemote() {
    return downstreamDirectRemote == null ? downstreamRemote : downstreamDirectRemote;
  }

  boolean unknownAny() {
    return unknownAny;
  }
}
