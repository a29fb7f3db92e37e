/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class CountersTest {

  @Test
  void sums_areByNameAndFirstLabels() {
    Counters counters =
        new Counters(
            Map.of(
                new CounterKey("a", List.of("refused", "x")), 1L,
                new CounterKey("a", List.of("refused", "y")), 2L,
                new CounterKey("a", List.of("accepted", "")), 4L,
                new CounterKey("b", List.of("refused", "x")), 8L));
    assertThat(counters.sum("a")).isEqualTo(7);
    assertThat(counters.sum("a", "refused")).isEqualTo(3);
    assertThat(counters.sum("c")).isZero();
    assertThat(counters.byNextLabel("a", "refused")).isEqualTo(Map.of("x", 1L, "y", 2L));
    assertThat(counters.byNextLabel("a")).isEqualTo(Map.of("accepted", 4L, "refused", 3L));
  }

  @Test
  void growth_isOfTheLastMinute() {
    RecentCounters recent = new RecentCounters(0);
    for (int second = 0; second <= 200; second += 5) {
      recent.sample(TimeUnit.SECONDS.toNanos(second), counter(second));
    }
    assertThat(recent.growth(TimeUnit.SECONDS.toNanos(202), counter(202)).sum("a")).isEqualTo(62);
  }

  @Test
  void growth_beforeAMinuteIsSinceTheStart() {
    RecentCounters recent = new RecentCounters(0);
    assertThat(recent.growth(0, counter(3)).sum("a")).isEqualTo(3);
    recent.sample(TimeUnit.SECONDS.toNanos(5), counter(5));
    assertThat(recent.growth(TimeUnit.SECONDS.toNanos(59), counter(9)).sum("a")).isEqualTo(9);
  }

  @Test
  void growth_ofACounterThatBeganAnewIsAllOfIt() {
    RecentCounters recent = new RecentCounters(0);
    recent.sample(TimeUnit.SECONDS.toNanos(5), counter(100));
    assertThat(recent.growth(TimeUnit.SECONDS.toNanos(70), counter(7)).sum("a")).isEqualTo(7);
  }

  private static Counters counter(long value) {
    return new Counters(Map.of(new CounterKey("a", List.of("x")), value));
  }
}
