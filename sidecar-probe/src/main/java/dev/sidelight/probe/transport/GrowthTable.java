/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.transport;

import dev.sidelight.hop.v1.TcpClose;
import dev.sidelight.hop.v1.TcpSeries;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the series have grown by since it was last taken: only those that have. Bounded as the
 * series are, those that stand for others not counted. Not thread-safe.
 */
final class GrowthTable {
  private final int seriesMax;
  private Map<GrowthKey, Series> growth = new LinkedHashMap<>();
  private int apart;
  private long merged;

  GrowthTable(int seriesMax) {
    this.seriesMax = seriesMax;
  }

  /** Where growth is added to. */
  Series of(GrowthKey key) {
    Series known = growth.get(key);
    if (known != null) {
      return known;
    }
    GrowthKey other = key.merged();
    boolean isOther = key.equals(other);
    if (apart >= seriesMax && !isOther) {
      merged++;
      return growth.computeIfAbsent(other, absent -> new Series());
    }
    apart += isOther ? 0 : 1;
    return growth.computeIfAbsent(key, absent -> new Series());
  }

  boolean isEmpty() {
    return growth.isEmpty();
  }

  /** How often something was added to a series that stands for others. */
  long merged() {
    return merged;
  }

  /** Messages {@link TcpSeries}, written; from here on nothing has grown. */
  List<byte[]> take() {
    List<byte[]> messages = new ArrayList<>(growth.size());
    growth.forEach((key, series) -> messages.add(message(key, series).toByteArray()));
    growth = new LinkedHashMap<>();
    apart = 0;
    return messages;
  }

  private static TcpSeries message(GrowthKey key, Series series) {
    SeriesKey labels = key.labels();
    TcpSeries.Builder message =
        TcpSeries.newBuilder()
            .setNamespace(labels.namespace())
            .setWorkload(labels.workload())
            .setApp(key.app())
            .setVersion(key.version())
            .setProcess(labels.process())
            .setPeer(labels.peer())
            .setPeerKind(labels.peerKind())
            .setRole(TcpMessages.role(labels.side()))
            .setProtocol(labels.protocol().label())
            .setTls(labels.tls())
            .setWrites(TcpMessages.transfer(series.writes))
            .setReads(TcpMessages.transfer(series.reads))
            .setConnects(TcpMessages.times(series.connects))
            .setAccepts(TcpMessages.times(series.accepts))
            .setRoundTrips(TcpMessages.roundTrips(series.roundTrips))
            .setRetransmits(series.retransmits())
            .putAllDrops(series.drops);
    series.closeCounts.forEach(
        (closer, count) ->
            message.addCloses(
                TcpClose.newBuilder()
                    .setCloser(closer.label())
                    .setConnections(count)
                    .setDurations(
                        TcpMessages.times(series.closes.getOrDefault(closer, new Durations())))));
    return message.build();
  }
}
