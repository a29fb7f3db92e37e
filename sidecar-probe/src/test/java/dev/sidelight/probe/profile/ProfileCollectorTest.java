/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.profile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidelight.hop.v1.PodTask;
import io.prometheus.client.Collector;
import io.prometheus.client.Collector.MetricFamilySamples;
import io.prometheus.client.Collector.MetricFamilySamples.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProfileCollectorTest {
  private final Profiles profiles =
      new Profiles(
          new ProfileSettings(1, 900, 500, 50), new TestPods(), report -> {}, () -> {}, () -> 5);
  private final ProfileCollector collector = new ProfileCollector(profiles);

  @Test
  void tasksAndTheirReports_areCounted() {
    profiles.begin(PodTask.newBuilder().setTaskId("t1").setNetns(7).setDurationSeconds(9).build());
    profiles.begin(PodTask.newBuilder().setTaskId("t2").setNetns(7).setDurationSeconds(9).build());
    profiles.report();
    assertThat(value("sidelight_probe_profiles", List.of())).isEqualTo(1);
    assertThat(value("sidelight_probe_profile_tasks_total", List.of("begun", ""))).isEqualTo(1);
    assertThat(value("sidelight_probe_profile_tasks_total", List.of("refused", "too_many_tasks")))
        .isEqualTo(1);
    assertThat(value("sidelight_probe_profile_items_total", List.of("connection", "told")))
        .isEqualTo(1);
    assertThat(value("sidelight_probe_profile_items_total", List.of("connection", "omitted")))
        .isEqualTo(2);
    profiles.end("t1");
    profiles.report();
    assertThat(value("sidelight_probe_profiles", List.of())).isZero();
    assertThat(value("sidelight_probe_profile_tasks_total", List.of("ended", "asked")))
        .isEqualTo(1);
  }

  @Test
  void readme_hasEveryMetricAndReason() throws IOException {
    String readme = Files.readString(Path.of("README.md"));
    assertThat(collector.collect())
        .extracting(ProfileCollectorTest::exposedName)
        .isEqualTo(ProfileCollector.NAMES);
    for (String name : ProfileCollector.NAMES) {
      assertThat(readme).as(name).contains("`" + name);
    }
    for (Refusal why : Refusal.values()) {
      assertThat(readme).as(why.label()).contains("| `" + why.label() + "` |");
    }
    for (TaskEnd why : TaskEnd.values()) {
      assertThat(readme).as(why.label()).contains("| `" + why.label() + "` |");
    }
  }

  private double value(String name, List<String> labels) {
    return collector.collect().stream()
        .flatMap(family -> family.samples.stream())
        .filter(sample -> sample.name.equals(name) && sample.labelValues.equals(labels))
        .map((Sample sample) -> sample.value)
        .findFirst()
        .orElseThrow();
  }

  private static String exposedName(MetricFamilySamples family) {
    return family.type == Collector.Type.COUNTER ? family.name + "_total" : family.name;
  }
}
