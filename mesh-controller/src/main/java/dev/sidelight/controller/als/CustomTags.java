/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.als;

import dev.sidelight.correlator.AccessLogEntry;
import dev.sidelight.correlator.AccessLogEntryBuilder;
import dev.sidelight.correlator.TrafficDirection;
import java.io.IOException;

/**
 * Our custom tags, which the xDS of this controller and our Istio resources ask Envoy for. All of
 * them may lack. One thread, one entry at a time.
 */
final class CustomTags {

  private static final long NANOS_PER_MILLISECOND = 1_000_000L;

  // state
  private TrafficDirection direction;
  private boolean upstreamLog;
  private boolean unreadable;

  void clear() {
    direction = null;
    upstreamLog = false;
    unreadable = false;
  }

  /** Reads one entry of the map. */
  void read(WireReader in, AccessLogEntryBuilder entry) throws IOException {
    String key = "";
    String value = "";
    int outer = in.enter();
    for (int field = in.nextField(); field != 0; field = in.nextField()) {
      switch (field) {
        case 1 -> key = in.pooledString();
        case 2 -> value = in.pooledString();
        default -> in.skip();
      }
    }
    in.leave(outer);
    apply(key, value, entry);
  }

  private void apply(String key, String value, AccessLogEntryBuilder entry) {
    switch (key) {
      case "sidelight.direction" -> direction = direction(value);
      case "sidelight.log" -> upstreamLog = value.equals("upstream");
      case "sidelight.connection_id" -> entry.connectionId(number(value, 1));
      case "sidelight.upstream_connection_id" -> entry.upstreamConnectionId(number(value, 1));
      case "sidelight.pool_ready_ms" -> entry.poolReadyNanos(number(value, NANOS_PER_MILLISECOND));
      case "sidelight.connect_ns" -> entry.connectNanos(number(value, 1));
      case "sidelight.handshake_ns" -> entry.handshakeNanos(number(value, 1));
      case "sidelight.upstream_protocol" -> entry.upstreamHttp2(value.equals("HTTP/2"));
      default -> {
        // Somebody else's tag.
      }
    }
  }

  private TrafficDirection direction(String value) {
    return switch (value) {
      case "inbound" -> TrafficDirection.INBOUND;
      case "outbound" -> TrafficDirection.OUTBOUND;
      default -> {
        unreadable = true;
        yield null;
      }
    };
  }

  /** Envoy writes a dash for what it does not know. */
  private long number(String value, long unitNanos) {
    if (value.isEmpty() || value.equals("-")) {
      return AccessLogEntry.ABSENT;
    }
    try {
      long number = Math.multiplyExact(Long.parseLong(value), unitNanos);
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException | ArithmeticException e) {
      // Said below.
    }
    unreadable = true;
    return AccessLogEntry.ABSENT;
  }

  /** Null where the tag is absent. */
  TrafficDirection direction() {
    return direction;
  }

  /** Whether it is of the router's upstream_log. */
  boolean upstreamLog() {
    return upstreamLog;
  }

  /** Whether a tag of ours had a value that is none. */
  boolean unreadable() {
    return unreadable;
  }
}
