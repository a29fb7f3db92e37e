/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import static dev.sidelight.correlator.JoinHarness.BEGIN_NANOS;
import static dev.sidelight.correlator.JoinHarness.SECOND_NANOS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which entries are one, and which go first where there is no room. */
class WaitingEntriesTest {

  private final RecordingMetrics metrics = new RecordingMetrics();
  private final List<CorrelatedRequest> told = new ArrayList<>();

  @Test
  void noRoom_theLongestWaitingGoWhetherLookedAtOrNot() {
    Correlator correlator = correlator(3);
    correlator.onAccessLog(entry(1), BEGIN_NANOS);
    correlator.onAccessLog(entry(2), BEGIN_NANOS + 1);
    correlator.advance(BEGIN_NANOS + SECOND_NANOS);
    correlator.onAccessLog(entry(3), BEGIN_NANOS + SECOND_NANOS);
    correlator.onAccessLog(entry(4), BEGIN_NANOS + SECOND_NANOS + 1);
    correlator.onAccessLog(entry(5), BEGIN_NANOS + SECOND_NANOS + 2);
    correlator.advance(BEGIN_NANOS + 20 * SECOND_NANOS);

    assertThat(told)
        .extracting(CorrelatedRequest::requestId)
        .containsExactly("request-3", "request-4", "request-5");
    assertThat(metrics.byOutcome).containsEntry("ENTRY DROPPED capacity", 2);
  }

  @Test
  void roomForOne_theNewestStays() {
    Correlator correlator = correlator(1);
    for (int i = 1; i <= 4; i++) {
      correlator.onAccessLog(entry(i), BEGIN_NANOS + i);
    }
    correlator.advance(BEGIN_NANOS + 20 * SECOND_NANOS);

    assertThat(told).extracting(CorrelatedRequest::requestId).containsExactly("request-4");
  }

  @Test
  void entriesThatDifferInOneThing_areTwo() {
    Correlator correlator = correlator(100);
    AccessLogEntry stream = entry(1);
    Proxy proxy = stream.proxy();
    correlator.onAccessLog(copy(stream).build(), BEGIN_NANOS);
    correlator.onAccessLog(copy(stream).streamId("another").build(), BEGIN_NANOS);
    correlator.onAccessLog(
        copy(stream).startEpochNanos(stream.startEpochNanos() + 1_000).build(), BEGIN_NANOS);
    correlator.onAccessLog(copy(stream).downstreamRemote(TestCall.SERVICE).build(), BEGIN_NANOS);
    correlator.onAccessLog(
        copy(stream)
            .proxy(new Proxy("another", proxy.type(), proxy.podAddress(), proxy.workload()))
            .build(),
        BEGIN_NANOS);
    assertThat(metrics.byOutcome).isEmpty();

    correlator.onAccessLog(copy(stream).build(), BEGIN_NANOS);
    assertThat(metrics.byOutcome).containsEntry("ENTRY DROPPED duplicate", 1);
  }

  /** Two loggers, or two streams: the second one's entry comes when the call has been told. */
  @Test
  void entryOfACallThatWasTold_isNoOther() {
    Correlator correlator = correlator(3_000);
    List<AccessLogEntry> entries = IntStream.range(1, 3_000).mapToObj(i -> entry(i)).toList();
    entries.forEach(entry -> correlator.onAccessLog(entry, BEGIN_NANOS));
    correlator.advance(BEGIN_NANOS + 10 * SECOND_NANOS);
    assertThat(told).hasSize(entries.size());
    correlator.advance(BEGIN_NANOS + 19 * SECOND_NANOS);
    entries.forEach(
        entry -> correlator.onAccessLog(copy(entry).build(), BEGIN_NANOS + 19 * SECOND_NANOS));
    correlator.advance(BEGIN_NANOS + 29 * SECOND_NANOS);

    assertThat(told).hasSize(entries.size());
    assertThat(metrics.byOutcome).containsEntry("ENTRY DROPPED duplicate", entries.size());
  }

  @Test
  void entryOfACallLongAgo_isForgotten() {
    Correlator correlator = correlator(10);
    for (int second = 0; second <= 60; second += 30) {
      correlator.onAccessLog(entry(1), BEGIN_NANOS + second * SECOND_NANOS);
      correlator.advance(BEGIN_NANOS + (second + 10) * SECOND_NANOS);
      correlator.advance(BEGIN_NANOS + (second + 20) * SECOND_NANOS);
    }

    assertThat(told).hasSize(3);
  }

  @Test
  void whatHasLeft_leavesRoomThatIsUsedAgain() {
    Correlator correlator = correlator(10);
    for (int round = 0; round < 5; round++) {
      long nowNanos = BEGIN_NANOS + round * 20L * SECOND_NANOS;
      for (int i = 1; i <= 10; i++) {
        correlator.onAccessLog(entry(10 * round + i), nowNanos + i);
      }
      correlator.advance(nowNanos + 19 * SECOND_NANOS);
    }

    assertThat(told).extracting(CorrelatedRequest::requestId).doesNotHaveDuplicates().hasSize(50);
    assertThat(metrics.byOutcome).containsOnlyKeys("ENTRY PARTIAL no_destination_entry");
  }

  private Correlator correlator(int maxEntries) {
    return new Correlator(
        new CorrelatorSettings(10 * SECOND_NANOS, maxEntries, 10), metrics, told::add);
  }

  private static AccessLogEntry entry(int index) {
    return new TestCall(index, BEGIN_NANOS + index * 2_000_000L).sourceEntry();
  }

  private static AccessLogEntryBuilder copy(AccessLogEntry entry) {
    return AccessLogEntry.builder()
        .proxy(entry.proxy())
        .direction(entry.direction())
        .startEpochNanos(entry.startEpochNanos())
        .durationNanos(entry.durationNanos())
        .downstreamRemote(entry.downstreamRemote())
        .requestId(entry.requestId())
        .streamId(entry.requestId());
  }
}
