/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.history;

import static dev.sidelight.correlator.LatencyComponent.APPLICATION;
import static dev.sidelight.correlator.LatencyComponent.NETWORK;
import static dev.sidelight.correlator.LatencyComponent.SOURCE_SIDECAR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sidelight.controller.TestCalls;
import dev.sidelight.controller.edges.EdgeKey;
import dev.sidelight.controller.edges.EdgeSnapshot;
import dev.sidelight.controller.edges.LatencyFigures;
import dev.sidelight.controller.edges.Segment;
import dev.sidelight.controller.edges.SegmentFigures;
import dev.sidelight.correlator.Coverage;
import dev.sidelight.correlator.LatencyComponent;
import dev.sidelight.correlator.PartialReason;
import dev.sidelight.correlator.Rollup;
import dev.sidelight.correlator.TransportFigures;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

final class HistoryTest {

  /** A whole minute. */
  private static final long BEGIN = 1_800_000_000L;

  private static final long UNBOUND = Long.MAX_VALUE;
  private static final double RELATIVE_ERROR = 0.032;

  private long nowEpochSecond = BEGIN;
  private History history = history(UNBOUND);

  private History history(long maxBytes) {
    return new History(() -> Instant.ofEpochSecond(nowEpochSecond), 3, maxBytes);
  }

  @Test
  void slices_ofFiveSecondsThenOfMinutes() {
    for (; nowEpochSecond < BEGIN + 3600; nowEpochSecond++) {
      record(1_000_000);
    }
    nowEpochSecond--;
    List<HistorySlice> fine = slices(900, 5, edge -> true);
    assertThat(fine).hasSize(180).allMatch(slice -> slice.requests() == 5);
    assertThat(fine.get(0).startEpochSecond()).isEqualTo(BEGIN + 2700);
    assertThat(fine.get(179).startEpochSecond()).isEqualTo(BEGIN + 3595);
    List<HistorySlice> minutes = slices(3600, 60, edge -> true);
    assertThat(minutes).hasSize(60).allMatch(slice -> slice.requests() == 60);
    assertThat(minutes.get(0).startEpochSecond()).isEqualTo(BEGIN);
    assertThat(history.evictedSeconds()).isZero();
    assertThat(slices(3600, 600, edge -> true))
        .hasSize(6)
        .allMatch(slice -> slice.requests() == 600);
  }

  @Test
  void slices_beginWithinTheWindow() {
    for (; nowEpochSecond <= BEGIN + 62; nowEpochSecond++) {
      record(1_000_000);
    }
    nowEpochSecond = BEGIN + 62;
    assertThat(slices(60, 5, edge -> true))
        .extracting(HistorySlice::startEpochSecond)
        .startsWith(BEGIN + 5)
        .endsWith(BEGIN + 60);
    assertThat(slices(60, 30, edge -> true))
        .extracting(HistorySlice::requests)
        .containsExactly(30L, 3L);
  }

  @Test
  void slices_withoutACallAreLeftOut() {
    record(1_000_000);
    nowEpochSecond += 300;
    record(1_000_000);
    assertThat(slices(900, 5, edge -> true)).hasSize(2);
  }

  @Test
  void slices_areOfMatchingEdgesTogether() {
    record(1_000_000);
    history.record(
        TestCalls.between(TestCalls.REVIEWS_V2, TestCalls.RATINGS)
            .startingAt(BEGIN)
            .answered(503, "UF")
            .taking(NETWORK, 3_000_000)
            .call());
    assertThat(slices(5, 5, edge -> true))
        .singleElement()
        .satisfies(
            slice -> {
              assertThat(slice.requests()).isEqualTo(2);
              assertThat(slice.errors()).isEqualTo(1);
              assertThat(slice.total().sumNanos()).isEqualTo(4_000_000);
              assertThat(slice.components()).containsOnlyKeys(APPLICATION, NETWORK);
              assertThat(slice.rollups().get(Rollup.NETWORK))
                  .isEqualTo(slice.components().get(NETWORK));
            });
    assertThat(slices(5, 5, edge -> edge.destination().equals(TestCalls.RATINGS)))
        .singleElement()
        .satisfies(slice -> assertThat(slice.requests()).isEqualTo(1));
    assertThat(slices(5, 5, edge -> false)).isEmpty();
  }

  @Test
  void record_lateCallLandsInItsSlice() {
    record(1_000_000);
    long begin = nowEpochSecond;
    for (; nowEpochSecond < begin + 600; nowEpochSecond++) {
      record(1_000_000);
    }
    history.record(
        TestCalls.productpageToReviews().startingAt(begin).taking(APPLICATION, 7_000_000).call());
    HistorySlice first = slices(900, 5, edge -> true).get(0);
    assertThat(first.requests()).isEqualTo(7);
    assertThat(first.total().sumNanos()).isEqualTo(13_000_000);
    assertThat(first.total().p99Nanos()).isCloseTo(7_000_000, within(230_000L));
  }

  @Test
  void record_tooOldOrAheadIsCounted() {
    nowEpochSecond = BEGIN + 900;
    recordAt(BEGIN);
    recordAt(nowEpochSecond + 61);
    recordAt(BEGIN + 1);
    recordAt(nowEpochSecond + 60);
    assertThat(history.outOfRangeCalls()).isEqualTo(2);
    assertThat(history.edges(900, edge -> true))
        .singleElement()
        .satisfies(edge -> assertThat(edge.requests()).isEqualTo(1));
  }

  /** Whatever was packed, added up and folded on the way, at each share of the calls. */
  @Test
  void percentiles_ofAnHour_areWithinTheStatedError() {
    Random random = new Random(7);
    long[] totals = new long[60 * 3600];
    long[] sidecars = new long[totals.length];
    int next = 0;
    for (; nowEpochSecond < BEGIN + 3600; nowEpochSecond++) {
      for (int i = 0; i < 60; i++) {
        long sidecar = (long) (150_000 * Math.exp(random.nextGaussian()));
        long application = (long) (4_000_000 * Math.exp(1.5 * random.nextGaussian()));
        history.record(
            TestCalls.productpageToReviews()
                .startingAt(nowEpochSecond)
                .taking(SOURCE_SIDECAR, sidecar)
                .taking(APPLICATION, application)
                .call());
        sidecars[next] = sidecar;
        totals[next++] = sidecar + application;
      }
    }
    nowEpochSecond--;
    EdgeSnapshot edge = history.edges(3600, key -> true).get(0);
    assertThat(edge.requests()).isEqualTo(totals.length);
    assertThatFiguresAreOf(edge.total(), totals);
    assertThatFiguresAreOf(edge.components().get(SOURCE_SIDECAR), sidecars);
    assertThatFiguresAreOf(edge.rollups().get(Rollup.SIDECAR), sidecars);
  }

  private static void assertThatFiguresAreOf(LatencyFigures figures, long[] nanos) {
    Arrays.sort(nanos);
    assertThat(figures.count()).isEqualTo(nanos.length);
    assertThat(figures.sumNanos()).isEqualTo(Arrays.stream(nanos).sum());
    assertWithinError(figures.p50Nanos(), nanos, 0.50);
    assertWithinError(figures.p95Nanos(), nanos, 0.95);
    assertWithinError(figures.p99Nanos(), nanos, 0.99);
  }

  private static void assertWithinError(long nanos, long[] sorted, double share) {
    long exact = sorted[(int) Math.ceil(share * sorted.length) - 1];
    assertThat((double) nanos).isCloseTo((double) exact, within(RELATIVE_ERROR * exact));
  }

  @Test
  void edges_tellAllThatTheWindowOfEdgesTells() {
    TestCalls call =
        TestCalls.productpageToReviews()
            .waitingForUpstream(500_000)
            .over(new TransportFigures(70_000, 1, 2, 300, 999))
            .startingAt(BEGIN);
    for (LatencyComponent component : LatencyComponent.values()) {
      call.taking(component, 1_000_000);
    }
    history.record(call.call());
    history.record(
        TestCalls.productpageToReviews()
            .covered(Coverage.ALS_ONLY, PartialReason.NO_CLOCK)
            .answered(0, "UF")
            .startingAt(BEGIN)
            .call());
    nowEpochSecond += 1200;
    // What the first two are packed and folded by.
    for (int i = 0; i < 10; i++, nowEpochSecond++) {
      recordAt(nowEpochSecond);
    }
    EdgeSnapshot edge = history.edges(3600, key -> key.service().name().equals("reviews")).get(0);
    assertThat(edge.requests()).isEqualTo(12);
    assertThat(edge.errors()).isEqualTo(1);
    assertThat(edge.coverage())
        .containsEntry(Coverage.FULL, 11L)
        .containsEntry(Coverage.ALS_ONLY, 1L)
        .containsEntry(Coverage.ONE_SIDED, 0L);
    assertThat(edge.components()).containsOnlyKeys(LatencyComponent.values());
    assertThat(edge.rollups()).containsOnlyKeys(Rollup.values());
    assertThat(edge.applicationUpstreamWait().count()).isEqualTo(1);
    assertThat(edge.applicationSelf().sumNanos()).isEqualTo(500_000);
    assertThat(edge.segments()).containsOnlyKeys(Segment.LINK);
    SegmentFigures link = edge.segments().get(Segment.LINK);
    assertThat(link.retransmits()).isEqualTo(1);
    assertThat(link.drops()).isEqualTo(2);
    assertThat(link.bytesSent()).isEqualTo(300);
    assertThat(link.bytesReceived()).isEqualTo(999);
    assertThat(link.rttP50Nanos()).isCloseTo(70_000, within(2_240L));
  }

  @Test
  void edges_beyondTheHour_areForgotten() {
    record(1_000_000);
    nowEpochSecond += 3599;
    assertThat(history.edges(3600, edge -> true)).hasSize(1);
    nowEpochSecond += 121;
    history.record(
        TestCalls.between(TestCalls.REVIEWS_V2, TestCalls.RATINGS)
            .startingAt(nowEpochSecond)
            .call());
    assertThat(history.edges()).isEqualTo(1);
    assertThat(history.edges(3600, edge -> true))
        .singleElement()
        .satisfies(edge -> assertThat(edge.edge().destination()).isEqualTo(TestCalls.RATINGS));
  }

  @Test
  void edges_beyondTheBound_areMergedAndCounted() {
    for (int i = 0; i < 5; i++) {
      history.record(
          TestCalls.between(TestCalls.PRODUCTPAGE, TestCalls.bookinfo("app" + i, "v1"))
              .startingAt(BEGIN)
              .call());
    }
    assertThat(history.mergedCalls()).isEqualTo(2);
    assertThat(history.edges(5, edge -> edge.protocol().equals("other")))
        .singleElement()
        .satisfies(edge -> assertThat(edge.requests()).isEqualTo(2));
  }

  @Test
  void bytes_nearTheBound_slicesAreFoldedEarlyAndNothingIsLost() {
    history = history(60_000);
    recordAnHour(60_000);
    assertThat(history.evictedSlices()).isZero();
    assertThat(history.evictedSeconds()).isZero();
    assertThat(history.fineSeconds()).isBetween(120L, 840L);
    assertThat(slices(3600, 60, edge -> true)).hasSize(60).allMatch(this::isAWholeMinute);
    HistorySlices minutes = history.slices(900, 5, edge -> true);
    assertThat(minutes.stepSeconds()).isEqualTo(60);
    assertThat(minutes.slices()).hasSize(15).allMatch(this::isAWholeMinute);
    HistorySlices fine = history.slices(60, 5, edge -> true);
    assertThat(fine.stepSeconds()).isEqualTo(5);
    assertThat(fine.slices()).hasSize(12);
    // To a minute that is folded, and has been since.
    long folded = nowEpochSecond - 880;
    recordAt(folded);
    recordAt(folded + 5);
    nowEpochSecond += 10;
    recordAt(nowEpochSecond);
    assertThat(slices(3600, 60, edge -> true))
        .filteredOn(slice -> slice.startEpochSecond() == folded / 60 * 60)
        .extracting(HistorySlice::requests)
        .containsExactly(1202L);
  }

  @Test
  void bytes_whereTheyAreEnough_nothingIsFoldedEarly() {
    recordAnHour(UNBOUND);
    assertThat(history.fineSeconds()).isEqualTo(900);
    assertThat(history.slices(900, 5, edge -> true).slices()).hasSize(180);
  }

  @Test
  void bytes_beyondTheBound_oldestMinutesGoAndAreCounted() {
    history = history(20_000);
    recordAnHour(20_000);
    long evictedSeconds = history.evictedSeconds();
    assertThat(evictedSeconds).isBetween(60L, 3300L);
    assertThat(history.evictedSlices()).isGreaterThanOrEqualTo(evictedSeconds / 60);
    assertThat(slices(3600, 60, edge -> true))
        .hasSize(60 - (int) evictedSeconds / 60)
        .allMatch(this::isAWholeMinute);
  }

  private void recordAnHour(long maxBytes) {
    Random random = new Random(3);
    for (; nowEpochSecond < BEGIN + 3600; nowEpochSecond++) {
      for (int i = 0; i < 20; i++) {
        record((long) (1_000_000 * Math.exp(random.nextGaussian())));
      }
      assertThat(history.heapBytes()).isLessThanOrEqualTo(maxBytes);
    }
    nowEpochSecond--;
  }

  private boolean isAWholeMinute(HistorySlice slice) {
    return slice.requests() == 1200 && slice.startEpochSecond() % 60 == 0;
  }

  @Test
  void bytes_lateCallsDoNotBringBackWhatWasEvicted() {
    history = history(1);
    for (; nowEpochSecond < BEGIN + 600; nowEpochSecond++) {
      record(1_000_000);
    }
    recordAt(BEGIN);
    assertThat(history.outOfRangeCalls()).isEqualTo(1);
    assertThat(slices(900, 5, edge -> true).get(0).startEpochSecond())
        .as("the last minute stays whatever it takes")
        .isBetween(BEGIN + 480, BEGIN + 540);
  }

  /** An edge weighs more than its empty self once it was tidied. */
  @Test
  void tidying_reachesEveryEdgeThoughCallsAreFewAndRegular() {
    long bytesOfOne = bytesAfterAMinute();
    history = history(UNBOUND);
    nowEpochSecond = BEGIN;
    for (int i = 0; i < 2; i++) {
      history.record(
          TestCalls.between(TestCalls.REVIEWS_V2, TestCalls.bookinfo("app" + i, "v1"))
              .startingAt(BEGIN)
              .call());
    }
    assertThat(bytesAfterAMinute() - bytesOfOne).isGreaterThan(2 * 300);
  }

  private long bytesAfterAMinute() {
    for (; nowEpochSecond < BEGIN + 60; nowEpochSecond += 5) {
      record(1_000_000);
    }
    return history.heapBytes();
  }

  @Test
  void arguments_outOfRange() {
    assertThatThrownBy(() -> slices(3601, 60, edge -> true)).hasMessageContaining("3601");
    assertThatThrownBy(() -> history.edges(0, edge -> true)).hasMessageContaining("0 s");
    assertThatThrownBy(() -> slices(901, 5, edge -> true)).hasMessageContaining("5 s");
    assertThatThrownBy(() -> slices(900, 7, edge -> true)).hasMessageContaining("7 s");
    assertThatThrownBy(() -> new History(Instant::now, 0, 1)).hasMessageContaining("0");
  }

  private List<HistorySlice> slices(
      int windowSeconds, int stepSeconds, Predicate<EdgeKey> matching) {
    return history.slices(windowSeconds, stepSeconds, matching).slices();
  }

  private void record(long nanos) {
    history.record(
        TestCalls.productpageToReviews()
            .startingAt(nowEpochSecond)
            .taking(APPLICATION, nanos)
            .call());
  }

  private void recordAt(long epochSecond) {
    history.record(TestCalls.productpageToReviews().startingAt(epochSecond).call());
  }
}
