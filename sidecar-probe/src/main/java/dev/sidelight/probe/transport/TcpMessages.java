/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.transport;

import dev.sidelight.hop.v1.Role;
import dev.sidelight.hop.v1.TcpHistogram;
import dev.sidelight.hop.v1.TcpTransfer;

/** The contract's form of what is counted of connections. */
final class TcpMessages {
  private static final long NANOS_PER_MICRO = 1000;

  private TcpMessages() {}

  static Role role(String side) {
    return switch (side) {
      case SeriesKey.CLIENT -> Role.INITIATOR;
      case SeriesKey.SERVER -> Role.ACCEPTOR;
      default -> Role.ROLE_UNSPECIFIED;
    };
  }

  static TcpTransfer transfer(Transfer transfer) {
    return TcpTransfer.newBuilder()
        .setCalls(transfer.calls())
        .setBytes(transfer.bytes())
        .setDurations(times(transfer.times()))
        .build();
  }

  /** Of durations in nanoseconds. */
  static TcpHistogram times(Durations durations) {
    return histogram(durations, 1);
  }

  /** Of durations in microseconds. */
  static TcpHistogram roundTrips(Durations durations) {
    return histogram(durations, NANOS_PER_MICRO);
  }

  private static TcpHistogram histogram(Durations durations, long unitNanos) {
    TcpHistogram.Builder histogram =
        TcpHistogram.newBuilder().setTotalNanos(durations.total() * unitNanos);
    long left = durations.count();
    for (int i = 0; left > 0; i++) {
      histogram.addCounts(durations.bucket(i));
      left -= durations.bucket(i);
    }
    return histogram.build();
  }
}
