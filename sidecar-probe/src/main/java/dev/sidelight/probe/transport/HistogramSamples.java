/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.transport;

import io.prometheus.client.Collector;
import io.prometheus.client.Collector.MetricFamilySamples.Sample;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;

/**
 * The samples of a histogram, each made when it is asked for: of two thousand series they would
 * otherwise take more than the probe's heap. Holds copies of what it was given.
 */
final class HistogramSamples extends AbstractList<Sample> {
  private static final int PER_SERIES = ConnectionRecord.BUCKETS + 2;

  private record Entry(List<String> values, Durations durations) {}

  private final String name;
  private final List<String> labels;
  private final List<String> bucketLabels;
  private final List<String> bounds = new ArrayList<>();
  private final double unit;
  private final List<Entry> entries = new ArrayList<>();

  /**
   * Without a series.
   *
   * @param name of the family
   * @param labels of each series
   * @param least the lowest bound, in units
   * @param unit units in a second
   */
  HistogramSamples(String name, List<String> labels, long least, double unit) {
    this.name = name;
    this.labels = labels;
    this.unit = unit;
    bucketLabels = appended(labels, "le");
    for (int i = 0; i < ConnectionRecord.BUCKETS - 1; i++) {
      bounds.add(Collector.doubleToGoString((least << i) / unit));
    }
    bounds.add(Collector.doubleToGoString(Double.POSITIVE_INFINITY));
  }

  /** Adds a series, unless nothing was observed. */
  void add(List<String> values, Durations durations) {
    if (durations.count() > 0) {
      entries.add(new Entry(values, durations.copy()));
    }
  }

  @Override
  public Sample get(int index) {
    Entry entry = entries.get(index / PER_SERIES);
    int at = index % PER_SERIES;
    if (at < ConnectionRecord.BUCKETS) {
      List<String> values = appended(entry.values(), bounds.get(at));
      return new Sample(name + "_bucket", bucketLabels, values, atMost(entry.durations(), at));
    }
    return at == ConnectionRecord.BUCKETS
        ? new Sample(name + "_count", labels, entry.values(), (double) entry.durations().count())
        : new Sample(name + "_sum", labels, entry.values(), entry.durations().total() / unit);
  }

  @Override
  public int size() {
    return entries.size() * PER_SERIES;
  }

  private static double atMost(Durations durations, int bucket) {
    long sum = 0;
    for (int i = 0; i <= bucket; i++) {
      sum += durations.bucket(i);
    }
    return (double) sum;
  }

  private static List<String> appended(List<String> list, String last) {
    List<String> longer = new ArrayList<>(list);
    longer.add(last);
    return longer;
  }
}
