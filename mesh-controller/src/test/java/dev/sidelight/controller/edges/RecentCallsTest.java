/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.edges;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sidelight.controller.TestCalls;
import dev.sidelight.correlator.CorrelatedRequest;
import dev.sidelight.correlator.LatencyComponent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RecentCallsTest {

  private static final long NOW = 1_800_000_000L;

  private final RecentCalls calls = new RecentCalls(() -> Instant.ofEpochSecond(NOW), 3);

  @Test
  void newest_startedLastFirst_thoughRecordedLate() {
    record("b", NOW - 2);
    record("c", NOW - 1);
    record("a", NOW - 3);
    assertThat(ids(60, 10)).containsExactly("c", "b", "a");
    assertThat(ids(60, 2)).containsExactly("c", "b");
  }

  @Test
  void record_replacesTheOldest() {
    for (String id : List.of("a", "b", "c", "d")) {
      record(id, NOW);
    }
    assertThat(ids(60, 10)).containsExactlyInAnyOrder("b", "c", "d");
  }

  @Test
  void newest_windowEndsNow() {
    record("a", NOW - 5);
    record("b", NOW - 4);
    record("c", NOW);
    assertThat(ids(5, 10)).containsExactly("c", "b");
  }

  @Test
  void slowest_longestTotalFirst_ofTheWindow() {
    recordTaking("a", NOW - 5, 9_000_000);
    recordTaking("b", NOW - 1, 1_000_000);
    recordTaking("c", NOW - 3, 3_000_000);
    assertThat(calls.slowest(60, call -> true, 10, List.of()))
        .extracting(CorrelatedRequest::requestId)
        .containsExactly("a", "c", "b");
    assertThat(calls.slowest(5, call -> true, 1, List.of()))
        .extracting(CorrelatedRequest::requestId)
        .containsExactly("c");
  }

  @Test
  void slowest_ofOthersToo_eachOnce() {
    recordTaking("a", NOW, 2_000_000);
    List<CorrelatedRequest> others = new ArrayList<>(calls.newest(60, call -> true, 1));
    others.add(
        TestCalls.productpageToReviews()
            .withRequestId("b")
            .startingAt(NOW - 59)
            .taking(LatencyComponent.APPLICATION, 5_000_000)
            .call());
    others.add(TestCalls.productpageToReviews().withRequestId("c").startingAt(NOW - 60).call());
    assertThat(calls.slowest(60, call -> true, 10, others))
        .extracting(CorrelatedRequest::requestId)
        .containsExactly("b", "a");
  }

  private void recordTaking(String requestId, long epochSecond, long nanos) {
    calls.record(
        TestCalls.productpageToReviews()
            .withRequestId(requestId)
            .startingAt(epochSecond)
            .taking(LatencyComponent.APPLICATION, nanos)
            .call());
  }

  @Test
  void newest_matching() {
    record("a", NOW);
    record("b", NOW);
    assertThat(calls.newest(60, call -> call.requestId().equals("a"), 10)).hasSize(1);
  }

  @Test
  void defaultCapacity_boundByHeap() {
    assertThat(RecentCalls.defaultCapacity(4L << 30)).isEqualTo(10_000);
    assertThat(RecentCalls.defaultCapacity(128L << 20)).isEqualTo(5_461);
    assertThat(RecentCalls.defaultCapacity(1)).isEqualTo(100);
  }

  @Test
  void capacity_outOfRange() {
    assertThatThrownBy(() -> new RecentCalls(() -> Instant.EPOCH, 0)).hasMessageContaining("0");
  }

  private void record(String requestId, long epochSecond) {
    calls.record(
        TestCalls.productpageToReviews().withRequestId(requestId).startingAt(epochSecond).call());
  }

  private List<String> ids(int windowSeconds, int limit) {
    return calls.newest(windowSeconds, call -> true, limit).stream()
        .map(CorrelatedRequest::requestId)
        .toList();
  }
}
