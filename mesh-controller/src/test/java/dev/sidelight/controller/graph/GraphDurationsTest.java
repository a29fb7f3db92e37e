/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class GraphDurationsTest {

  @Test
  void percentile_isTheLeastLengthThatSoManyDoNotExceed() {
    GraphDurations durations =
        new GraphDurations(100, 0, new long[] {1, 2, 3}, new int[] {50, 45, 5});
    assertThat(durations.percentileNanos(50)).isEqualTo(1);
    assertThat(durations.percentileNanos(51)).isEqualTo(2);
    assertThat(durations.percentileNanos(95)).isEqualTo(2);
    assertThat(durations.percentileNanos(96)).isEqualTo(3);
    assertThat(durations.percentileNanos(99)).isEqualTo(3);
  }

  /** As if the calls had been of one edge. */
  @Test
  void sum_hasThePercentilesOfAllCalls() {
    Random random = new Random(1);
    List<GraphDurations> edges = new ArrayList<>();
    List<Long> all = new ArrayList<>();
    for (int edge = 0; edge < 7; edge++) {
      long[] nanos = random.longs(1 + 50 * edge, 0, 1000).sorted().distinct().toArray();
      int[] counts = new int[nanos.length];
      Arrays.setAll(counts, i -> 1 + random.nextInt(5));
      long sum = 0;
      for (int i = 0; i < nanos.length; i++) {
        all.addAll(Collections.nCopies(counts[i], nanos[i]));
        sum += counts[i] * nanos[i];
      }
      edges.add(new GraphDurations(Arrays.stream(counts).sum(), sum, nanos, counts));
    }
    all.sort(null);
    GraphDurations sum = GraphDurations.sum(edges);
    assertThat(sum.calls()).isEqualTo(all.size());
    assertThat(sum.meanNanos())
        .isEqualTo(all.stream().mapToLong(Long::longValue).sum() / all.size());
    for (int percent : new int[] {1, 50, 95, 99, 100}) {
      int rank = (all.size() * percent + 99) / 100;
      assertThat(sum.percentileNanos(percent)).as("p%s", percent).isEqualTo(all.get(rank - 1));
    }
  }

  @Test
  void nothing_isNotKnown() {
    assertThat(GraphDurations.sum(List.of()).percentileNanos(50)).isNegative();
    assertThat(GraphDurations.NONE.meanNanos()).isZero();
    assertThat(ResponseTime.AVERAGE.millis(GraphDurations.NONE)).isEmpty();
  }

  /** Counted and summed, but the lengths were given up for memory. */
  @Test
  void thinned_hasAMeanOnly() {
    GraphDurations thinned = new GraphDurations(2, 6_000_000, new long[0], new int[0]);
    assertThat(ResponseTime.AVERAGE.millis(thinned)).hasValue(3);
    assertThat(ResponseTime.P95.millis(thinned)).isEmpty();
  }

  @Test
  void lengthsWithoutCounts_areRefused() {
    assertThatThrownBy(() -> new GraphDurations(1, 1, new long[] {1}, new int[0]))
        .hasMessage("1 lengths, 0 counts");
  }
}
