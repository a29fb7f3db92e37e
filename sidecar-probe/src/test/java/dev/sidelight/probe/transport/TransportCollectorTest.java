/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.client.Collector.MetricFamilySamples;
import io.prometheus.client.Collector.MetricFamilySamples.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TransportCollectorTest {
  private final ConnectionTable table =
      new ConnectionTable(
          100,
          new PodNames() {
            @Override
            public WorkloadName ofNetns(int netns) {
              return WorkloadName.UNKNOWN;
            }

            @Override
            public Optional<WorkloadName> ofAddress(String address) {
              return Optional.empty();
            }

            @Override
            public boolean isPresent(int netns) {
              return true;
            }
          },
          () -> 0);

  @Test
  void bounds_areTheKernelsBuckets() {
    table.accept(new TestConnection(1, "java").writes(4, 40).bytes());
    table.settle();
    table.settle();
    List<Sample> samples = family("sidelight_tcp_write_duration_seconds").samples;
    assertThat(samples).hasSize(ConnectionRecord.BUCKETS + 2);
    assertThat(samples.get(0).labelValues).endsWith("1.024E-6");
    assertThat(samples.get(0).value).isZero();
    assertThat(samples.get(1).labelValues).endsWith("2.048E-6");
    assertThat(samples.get(1).value).isEqualTo(4);
    assertThat(samples.get(25).labelValues).endsWith("+Inf");
    assertThat(samples.get(26).value).isEqualTo(4);
    assertThat(samples.get(27).value).isEqualTo(8e-6);
  }

  @Test
  void readTimes_areAbsentWhereNoneWasTaken() {
    table.accept(new TestConnection(1, "java").writes(4, 40).bytes());
    table.settle();
    table.settle();
    assertThat(table.series().all()).hasSize(1);
    assertThat(new TransportCollector(table).collect())
        .noneMatch(family -> family.name.equals("sidelight_tcp_read_duration_seconds"));
  }

  @Test
  void readme_hasEveryMetricAndLabel() throws IOException {
    String readme = Files.readString(Path.of("README.md"));
    for (String name : TransportCollector.NAMES) {
      assertThat(readme).as(name).contains("`" + name);
    }
    assertThat(readme).contains("{" + String.join(",", SeriesKey.NAMES) + "}");
    for (Protocol protocol : Protocol.values()) {
      assertThat(readme).contains("`" + protocol.label() + "`");
    }
  }

  @Test
  void families_areThoseOfTheList() {
    table.accept(
        new TestConnection(1, "java").writes(4, 40).connected(5).ended(Closer.LOCAL, 6).bytes());
    table.settle();
    table.drop(1, TestConnection.NETNS, "NETFILTER_DROP", 1);
    table.settle();
    assertThat(new TransportCollector(table).collect())
        .extracting(TransportCollectorTest::exposedName)
        .isSubsetOf(TransportCollector.NAMES)
        .contains("sidelight_tcp_close_total", "sidelight_tcp_drops_total");
  }

  private static String exposedName(MetricFamilySamples family) {
    return family.type == io.prometheus.client.Collector.Type.COUNTER
        ? family.name + "_total"
        : family.name;
  }

  private MetricFamilySamples family(String name) {
    return new TransportCollector(table)
        .collect().stream().filter(each -> each.name.equals(name)).findFirst().orElseThrow();
  }
}
