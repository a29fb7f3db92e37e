/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.hop;

import com.google.protobuf.ByteString;
import dev.sidelight.correlator.TcpGrowth;
import dev.sidelight.correlator.TcpHistogram;
import dev.sidelight.correlator.Workload;
import dev.sidelight.hop.v1.Role;
import dev.sidelight.hop.v1.TcpClose;
import dev.sidelight.hop.v1.TcpSeries;
import dev.sidelight.hop.v1.TcpTransfer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Checks what connections have grown by and turns it into a value. One thread. */
final class TcpSeriesReader {

  private static final int LONGEST_TEXT_BYTES = 256;
  private static final int MOST_DROP_REASONS = 256;
  private static final Set<String> CLOSERS = Set.of("local", "remote", "reset", "none");

  private final TextPool texts;

  TcpSeriesReader(TextPool texts) {
    this.texts = texts;
  }

  /** The value, or why it cannot be one. */
  TcpGrowth read(TcpSeries series) throws RefusedException {
    return new TcpGrowth(
        workload(series),
        text(series.getProcessBytes()),
        text(series.getPeerBytes()),
        text(series.getPeerKindBytes()),
        side(series.getRole()),
        text(series.getProtocolBytes()),
        series.getTls(),
        transfer(series.getWrites()),
        transfer(series.getReads()),
        histogram(series.getConnects()),
        histogram(series.getAccepts()),
        closes(series),
        histogram(series.getRoundTrips()),
        count("retransmits", series.getRetransmits()),
        drops(series));
  }

  private Workload workload(TcpSeries series) throws RefusedException {
    return new Workload(
        Workload.UNKNOWN.cluster(),
        name(series.getNamespaceBytes(), Workload.UNKNOWN.namespace()),
        name(series.getWorkloadBytes(), Workload.UNKNOWN.workload()),
        name(series.getAppBytes(), Workload.UNKNOWN.app()),
        name(series.getVersionBytes(), Workload.UNKNOWN.version()));
  }

  private String name(ByteString bytes, String unknown) throws RefusedException {
    return bytes.isEmpty() ? unknown : text(bytes);
  }

  private String text(ByteString bytes) throws RefusedException {
    if (bytes.size() > LONGEST_TEXT_BYTES) {
      throw new RefusedException("long_label", "a label of " + bytes.size() + " bytes");
    }
    return texts.text(bytes);
  }

  private static String side(Role role) throws RefusedException {
    return switch (role) {
      case INITIATOR -> "client";
      case ACCEPTOR -> "server";
      case ROLE_UNSPECIFIED -> "";
      case UNRECOGNIZED -> throw new RefusedException("wrong_role", "a role that is none");
    };
  }

  private static TcpGrowth.Transfer transfer(TcpTransfer transfer) throws RefusedException {
    return new TcpGrowth.Transfer(
        count("calls", transfer.getCalls()),
        count("bytes", transfer.getBytes()),
        histogram(transfer.getDurations()));
  }

  private static List<TcpGrowth.Close> closes(TcpSeries series) throws RefusedException {
    List<TcpGrowth.Close> closes = new ArrayList<>(series.getClosesCount());
    Set<String> seen = new HashSet<>();
    for (TcpClose close : series.getClosesList()) {
      if (!CLOSERS.contains(close.getCloser()) || !seen.add(close.getCloser())) {
        throw new RefusedException("wrong_closer", "a closer that is none, or that came twice");
      }
      closes.add(
          new TcpGrowth.Close(
              close.getCloser(),
              count("connections", close.getConnections()),
              histogram(close.getDurations())));
    }
    return closes;
  }

  private Map<String, Long> drops(TcpSeries series) throws RefusedException {
    if (series.getDropsCount() > MOST_DROP_REASONS) {
      throw new RefusedException("many_reasons", series.getDropsCount() + " reasons of drops");
    }
    Map<String, Long> drops = new HashMap<>();
    for (Map.Entry<String, Long> drop : series.getDropsMap().entrySet()) {
      String reason = text(ByteString.copyFromUtf8(drop.getKey()));
      drops.put(reason, count("drops", drop.getValue()));
    }
    return drops;
  }

  private static TcpHistogram histogram(dev.sidelight.hop.v1.TcpHistogram histogram)
      throws RefusedException {
    if (histogram.getCountsCount() == 0 && histogram.getTotalNanos() == 0) {
      return TcpHistogram.EMPTY;
    }
    if (histogram.getCountsCount() > TcpHistogram.BUCKETS) {
      throw new RefusedException("many_buckets", histogram.getCountsCount() + " buckets");
    }
    long[] counts = new long[histogram.getCountsCount()];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = count("bucket", histogram.getCounts(i));
    }
    return new TcpHistogram(counts, count("total_nanos", histogram.getTotalNanos()));
  }

  /** No probe lives long enough for more than half of what 64 bits hold. */
  private static long count(String what, long value) throws RefusedException {
    if (value < 0) {
      throw new RefusedException("impossible_count", what + " " + Long.toUnsignedString(value));
    }
    return value;
  }
}
