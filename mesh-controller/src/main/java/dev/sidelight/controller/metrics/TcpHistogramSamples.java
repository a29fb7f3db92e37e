/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.metrics;

import dev.sidelight.correlator.TcpHistogram;
import io.prometheus.client.Collector;
import io.prometheus.client.Collector.MetricFamilySamples.Sample;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;

/**
 * The samples of a histogram in the kernel's buckets, each made when it is asked for: those of a
 * thousand series would otherwise be there all at once. Holds copies of what it was given.
 */
final class TcpHistogramSamples extends AbstractList<Sample> {

  private static final int PER_SERIES = TcpHistogram.BUCKETS + 2;
  private static final double NANOS_PER_SECOND = 1e9;

  private record Entry(List<String> values, TcpBuckets buckets) {}

  private final String name;
  private final List<String> labels;
  private final List<String> bucketLabels;
  private final List<String> bounds = new ArrayList<>();
  private final List<Entry> entries = new ArrayList<>();

  /**
   * Without a series.
   *
   * @param leastNanos the lowest bound; each is twice the one before
   */
  TcpHistogramSamples(String name, List<String> labels, long leastNanos) {
    this.name = name;
    this.labels = labels;
    bucketLabels = WorkloadTcpLabels.and(labels, "le");
    for (int i = 0; i < TcpHistogram.BUCKETS - 1; i++) {
      bounds.add(Collector.doubleToGoString((leastNanos << i) / NANOS_PER_SECOND));
    }
    bounds.add(Collector.doubleToGoString(Double.POSITIVE_INFINITY));
  }

  /** Adds a series, unless nothing was observed. */
  void add(List<String> values, TcpBuckets buckets) {
    if (buckets.count() > 0) {
      entries.add(new Entry(values, buckets.copy()));
    }
  }

  @Override
  public Sample get(int index) {
    Entry entry = entries.get(index / PER_SERIES);
    TcpBuckets buckets = entry.buckets();
    int at = index % PER_SERIES;
    if (at < TcpHistogram.BUCKETS) {
      List<String> values = WorkloadTcpLabels.and(entry.values(), bounds.get(at));
      return new Sample(name + "_bucket", bucketLabels, values, (double) buckets.atMost(at));
    }
    return at == TcpHistogram.BUCKETS
        ? new Sample(name + "_count", labels, entry.values(), (double) buckets.count())
        : new Sample(
            name + "_sum", labels, entry.values(), buckets.totalNanos() / NANOS_PER_SECOND);
  }

  @Override
  public int size() {
    return entries.size() * PER_SERIES;
  }
}
