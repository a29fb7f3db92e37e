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
  private final List<HistogramSeries> histograms = new ArrayList<>();

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

  /** A histogram that does not change any more, with its bounds in common with the others. */
  void add(List<String> base, DurationHistogram histogram, String... more) {
    histograms.add(new HistogramSeries(List.copyOf(new Joined(base, more)), histogram));
  }

  MetricFamilySamples toSamples() {
    return new MetricFamilySamples(
        name, type, help, type == Collector.Type.HISTOGRAM ? new HistogramSamples() : samples);
  }

  private record HistogramSeries(List<String> values, DurationHistogram histogram) {}

  /**
   * Made as they are read: a large mesh has hundreds of thousands, and the collector of garbage
   * would carry all of them about.
   */
  private final class HistogramSamples extends AbstractList<Sample> {
    private static final int SUMMARIES = 2;

    private final int buckets = histograms.isEmpty() ? 0 : histograms.get(0).histogram().buckets();

    @Override
    public Sample get(int index) {
      HistogramSeries series = histograms.get(index / (buckets + SUMMARIES));
      DurationHistogram histogram = series.histogram();
      int bucket = index % (buckets + SUMMARIES);
      if (bucket == buckets) {
        return new Sample(
            name + "_count", labels, series.values(), histogram.countUpTo(buckets - 1));
      }
      if (bucket > buckets) {
        return new Sample(name + "_sum", labels, series.values(), histogram.sum());
      }
      return new Sample(
          name + "_bucket",
          bucketLabels,
          new Joined(series.values(), histogram.bound(bucket)),
          histogram.countUpTo(bucket),
          histogram.exemplar(bucket));
    }

    @Override
    public int size() {
      return histograms.size() * (buckets + SUMMARIES);
    }
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
