/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.edges;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sidelight.controller.FakeClock;
import dev.sidelight.controller.TestCalls;
import dev.sidelight.correlator.CorrelatedRequest;
import dev.sidelight.correlator.LatencyComponent;
import dev.sidelight.correlator.Workload;
import java.time.Instant;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class SlowCallsTest {

  /** A whole minute. */
  private static final long BEGIN = 1_800_000_000L;

  private final FakeClock clock = new FakeClock(BEGIN);
  private SlowCalls calls = new SlowCalls(clock, 1_000);

  @Test
  void record_keepsTheSlowestOfEachMinute() {
    for (long millis : new long[] {3, 9, 1, 7, 2, 8, 4, 6, 5, 2}) {
      record(TestCalls.REVIEWS_V1, BEGIN, millis);
      record(TestCalls.REVIEWS_V1, BEGIN + 60, 10 * millis);
    }
    assertThat(millis(calls.calls()))
        .containsExactlyInAnyOrder(5L, 6L, 7L, 8L, 9L, 50L, 60L, 70L, 80L, 90L);
  }

  @Test
  void record_keepsThoseOfEachEdge() {
    for (int i = 0; i < 10; i++) {
      record(TestCalls.REVIEWS_V1, BEGIN, 1_000 + i);
    }
    record(TestCalls.RATINGS, BEGIN, 1);
    assertThat(millis(calls.calls())).hasSize(6).contains(1L);
  }

  @Test
  void record_anHour_leavesAQuarter() {
    for (int second = 0; second < 3600; second++) {
      record(TestCalls.REVIEWS_V1, BEGIN + second, second + 1);
      clock.advanceSeconds(1);
    }
    assertThat(calls.calls()).hasSize(SlowCalls.MINUTES * SlowCalls.PER_MINUTE);
    assertThat(calls.calls())
        .allMatch(call -> call.startEpochNanos() >= (BEGIN + 44 * 60) * 1_000_000_000L);
  }

  @Test
  void record_lateOrAhead() {
    clock.advanceSeconds(SlowCalls.MINUTES * 60);
    record(TestCalls.REVIEWS_V1, BEGIN + 59, 1);
    record(TestCalls.REVIEWS_V1, BEGIN + 60, 2);
    record(TestCalls.REVIEWS_V1, BEGIN + (SlowCalls.MINUTES + 2) * 60, 3);
    record(TestCalls.REVIEWS_V1, BEGIN + (SlowCalls.MINUTES + 1) * 60, 4);
    assertThat(millis(calls.calls())).containsExactlyInAnyOrder(2L, 4L);
  }

  @Test
  void capacity_oldestMinuteGoesFirst() {
    calls = new SlowCalls(clock, 12);
    for (int minute = 0; minute < 4; minute++) {
      for (int i = 0; i < 10; i++) {
        record(TestCalls.REVIEWS_V1, BEGIN + 60L * minute, 10 * minute + i);
      }
      clock.advanceSeconds(60);
    }
    assertThat(millis(calls.calls()))
        .containsExactlyInAnyOrderElementsOf(
            LongStream.concat(LongStream.range(25, 30), LongStream.range(35, 40)).boxed().toList());
  }

  @Test
  void capacity_ofTheCurrentMinuteNothingIsAdded() {
    calls = new SlowCalls(clock, 3);
    for (int i = 0; i < 5; i++) {
      record(TestCalls.bookinfo("app" + i, "v1"), BEGIN, i);
    }
    assertThat(calls.calls()).hasSize(3);
    clock.advanceSeconds(60);
    record(TestCalls.REVIEWS_V1, BEGIN + 60, 7);
    assertThat(millis(calls.calls())).containsExactly(7L);
  }

  @Test
  void defaultCapacity_boundByHeap() {
    assertThat(SlowCalls.defaultCapacity(4L << 30)).isEqualTo(5_000);
    assertThat(SlowCalls.defaultCapacity(128L << 20)).isEqualTo(2_730);
    assertThat(SlowCalls.defaultCapacity(1)).isEqualTo(50);
  }

  @Test
  void capacity_outOfRange() {
    assertThatThrownBy(() -> new SlowCalls(() -> Instant.EPOCH, 0)).hasMessageContaining("0");
  }

  private void record(Workload destination, long epochSecond, long millis) {
    calls.record(
        TestCalls.between(TestCalls.PRODUCTPAGE, destination)
            .startingAt(epochSecond)
            .taking(LatencyComponent.APPLICATION, millis * 1_000_000)
            .call());
  }

  private static List<Long> millis(List<CorrelatedRequest> calls) {
    return calls.stream().map(call -> call.breakdown().totalNanos() / 1_000_000).toList();
  }
}
