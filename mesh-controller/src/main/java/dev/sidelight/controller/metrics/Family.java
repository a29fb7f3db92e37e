/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.metrics;

import io.prometheus.client.Collector;
import io.prometheus.client.Collector.MetricFamilySamples;
import io.prometheus.client.Collector.MetricFamilySamples.Sample;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;

/** One family of one scrape, filled series by series. One thread. */
final class Family {

  private static final String BOUND = "le";

  // deps
  private final String name;
  private final Collector.Type type;
  private final String help;
  private final List<String> labels;
  private final List<String> bucketLabels;
  // state
  private final List<Sample> samples = new ArrayList<>();

  private Family(String name, Collector.Type type, String help, List<String> base, String... more) {
    this.name = name;
    this.type = type;
    this.help = help;
    this.labels = List.copyOf(new Joined(base, more));
    this.bucketLabels = List.copyOf(new Joined(labels, BOUND));
  }

  /** Name without {@code _total}; labels are those of the base, then more. */
  static Family counter(String name, String help, List<String> base, String... more) {
    return new Family(name, Collector.Type.COUNTER, help, base, more);
  }

  static Family gauge(String name, String help, List<String> base, String... more) {
    return new Family(name, Collector.Type.GAUGE, help, base, more);
  }

  static Family histogram(String name, String help, List<String> base, String... more) {
    return new Family(name, Collector.Type.HISTOGRAM, help, base, more);
  }

  /** A count, exact up to 2^53. */
  void add(List<String> base, long value, String... more) {
    add(base, (double) value, more);
  }

  void add(List<String> base, double value, String... more) {
    String sampleName = type == Collector.Type.COUNTER ? name + "_total" : name;
    samples.add(new Sample(sampleName, labels, new Joined(base, more), value));
  }

  void add(List<String> base, DurationHistogram histogram, String... more) {
    List<String> values = new Joined(base, more);
    long count = 0;
    for (int bucket = 0; bucket < histogram.buckets(); bucket++) {
      count += histogram.count(bucket);
      samples.add(
          new Sample(
              name + "_bucket",
              bucketLabels,
              new Joined(values, histogram.bound(bucket)),
              count,
              histogram.exemplar(bucket)));
    }
    samples.add(new Sample(name + "_count", labels, values, count));
    samples.add(new Sample(name + "_sum", labels, values, histogram.sum()));
  }

  MetricFamilySamples toSamples() {
    return new MetricFamilySamples(name, type, help, samples);
  }

  /** A list and what follows it: a scrape makes very many of these. */
  private static final class Joined extends AbstractList<String> {
    private final List<String> base;
    private final String[] more;

    Joined(List<String> base, String... more) {
      this.base = base;
      this.more = more;
    }

    @Override
    public String get(int index) {
      int beyond = index - base.size();
      return beyond < 0 ? base.get(index) : more[beyond];
    }

    @Override
    public int size() {
      return base.size() + more.length;
    }
  }
}
