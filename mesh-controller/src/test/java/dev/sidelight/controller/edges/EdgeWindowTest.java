/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.edges;

import static dev.sidelight.correlator.LatencyComponent.APPLICATION;
import static dev.sidelight.correlator.LatencyComponent.NETWORK;
import static dev.sidelight.correlator.LatencyComponent.SOURCE_SIDECAR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sidelight.controller.TestCalls;
import dev.sidelight.correlator.Coverage;
import dev.sidelight.correlator.LatencyComponent;
import dev.sidelight.correlator.PartialReason;
import dev.sidelight.correlator.Rollup;
import dev.sidelight.correlator.TransportFigures;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class EdgeWindowTest {

  private static final long NOW = 1_800_000_000L;

  private long nowEpochSecond = NOW;
  private final EdgeWindow window = new EdgeWindow(() -> Instant.ofEpochSecond(nowEpochSecond), 3);

  @Test
  void snapshot_bordersExactToTheSecond() {
    for (long second = NOW - 899; second <= NOW; second++) {
      recordAt(second, 1000);
    }
    for (int seconds : new int[] {5, 6, 59, 60, 61, 899, 900}) {
      assertThat(only(seconds).requests()).as("window of %d s", seconds).isEqualTo(seconds);
    }
  }

  @Test
  void snapshot_ofMatchingEdges() {
    recordAt(NOW, 1000);
    window.record(
        TestCalls.between(TestCalls.REVIEWS_V2, TestCalls.RATINGS).startingAt(NOW).call());
    assertThat(window.snapshot(5)).hasSize(2);
    assertThat(window.thinnedSeconds()).isZero();
    assertThat(window.snapshot(5, edge -> edge.source().equals(TestCalls.REVIEWS_V2)))
        .singleElement()
        .satisfies(edge -> assertThat(edge.edge().destination()).isEqualTo(TestCalls.RATINGS));
  }

  @Test
  void snapshot_pastWindow() {
    recordAt(NOW - 100, 1000);
    recordAt(NOW - 94, 1000);
    recordAt(NOW - 93, 1000);
    assertThat(window.snapshot(5, NOW - 94).get(0).requests()).isEqualTo(1);
    assertThat(window.snapshot(7, NOW - 94).get(0).requests()).isEqualTo(2);
  }

  @Test
  void record_lateCallLandsInItsSecond() {
    recordAt(NOW, 1_000_000);
    nowEpochSecond = NOW + 100;
    recordAt(nowEpochSecond, 1_000_000);
    recordAt(NOW, 3_000_000);
    assertThat(only(5).requests()).isEqualTo(1);
    EdgeSnapshot all = only(101);
    assertThat(all.requests()).isEqualTo(3);
    assertThat(all.total().sumNanos()).isEqualTo(5_000_000);
    assertThat(all.total().p99Nanos()).isCloseTo(3_000_000, within(3_000L));
  }

  @Test
  void merged_percentilesAreOfAllCallsTogether() {
    for (int i = 1; i <= 100; i++) {
      window.record(
          TestCalls.between(
                  TestCalls.PRODUCTPAGE, i <= 90 ? TestCalls.REVIEWS_V1 : TestCalls.RATINGS)
              .startingAt(NOW - i % 3)
              .taking(SOURCE_SIDECAR, 0)
              .taking(NETWORK, i * 1_000_000L)
              .call());
    }
    window.record(
        TestCalls.between(TestCalls.REVIEWS_V1, TestCalls.RATINGS)
            .startingAt(NOW)
            .taking(NETWORK, 9_000_000_000L)
            .call());
    Map<String, LatencyFigures> merged =
        window.merged(
            5,
            NOW,
            (edge, duration) ->
                edge.source().equals(TestCalls.PRODUCTPAGE)
                    ? edge.source().app() + " " + duration
                    : null);
    assertThat(merged).containsOnlyKeys("productpage NETWORK", "productpage SOURCE_SIDECAR");
    LatencyFigures figures = merged.get("productpage NETWORK");
    assertThat(figures.count()).isEqualTo(100);
    assertThat(figures.sumNanos()).isEqualTo(5_050_000_000L);
    assertThat(figures.p95Nanos()).isCloseTo(95_000_000, within(95_000L));
  }

  @Test
  void record_tooOldOrAheadIsCounted() {
    recordAt(NOW - 900, 1000);
    recordAt(NOW + 61, 1000);
    recordAt(NOW - 899, 1000);
    assertThat(window.outOfRangeCalls()).isEqualTo(2);
    assertThat(only(900).requests()).isEqualTo(1);
  }

  @Test
  void snapshot_slotsAreReused() {
    recordAt(NOW, 1000);
    nowEpochSecond = NOW + EdgeSeconds.SLOTS;
    recordAt(nowEpochSecond, 1000);
    assertThat(only(900).requests()).isEqualTo(1);
  }

  @Test
  void snapshot_idleEdgeIsForgotten() {
    recordAt(NOW, 1000);
    nowEpochSecond = NOW + 900;
    window.record(
        TestCalls.between(TestCalls.REVIEWS_V2, TestCalls.RATINGS).startingAt(NOW + 900).call());
    assertThat(window.edges()).isEqualTo(1);
  }

  @Test
  void snapshot_absentIsNotZero() {
    window.record(TestCalls.productpageToReviews().startingAt(NOW).taking(NETWORK, 0).call());
    EdgeSnapshot edge = only(5);
    assertThat(edge.components()).containsOnlyKeys(NETWORK);
    assertThat(edge.rollups()).containsOnlyKeys(Rollup.NETWORK);
    assertThat(edge.rollups().get(Rollup.NETWORK).count()).isEqualTo(1);
    assertThat(edge.applicationUpstreamWait()).isNull();
    assertThat(edge.segments()).isEmpty();
  }

  @Test
  void snapshot_countsWhatWasMeasured() {
    window.record(
        TestCalls.productpageToReviews()
            .startingAt(NOW)
            .taking(APPLICATION, 4_000_000)
            .waitingForUpstream(1_000_000)
            .answered(503, "UF")
            .over(new TransportFigures(80_000, 1, 2, 300, 4000))
            .call());
    window.record(
        TestCalls.productpageToReviews()
            .startingAt(NOW)
            .taking(LatencyComponent.LINK_UNSPLIT, 1_000_000)
            .covered(Coverage.ALS_ONLY, PartialReason.NO_CLOCK)
            .over(new TransportFigures(0, 0, 0, 200, 1000))
            .call());
    EdgeSnapshot edge = only(5);
    assertThat(edge.requests()).isEqualTo(2);
    assertThat(edge.errors()).isEqualTo(1);
    assertThat(edge.coverage())
        .containsEntry(Coverage.FULL, 1L)
        .containsEntry(Coverage.ALS_ONLY, 1L)
        .containsEntry(Coverage.ONE_SIDED, 0L);
    assertThat(edge.components().get(APPLICATION).count()).isEqualTo(1);
    assertThat(edge.components().get(APPLICATION).meanNanos()).isEqualTo(4_000_000);
    assertThat(edge.applicationUpstreamWait().sumNanos()).isEqualTo(1_000_000);
    assertThat(edge.applicationSelf().sumNanos())
        .isEqualTo(edge.components().get(LatencyComponent.APPLICATION).sumNanos() - 1_000_000);
    assertThat(edge.responses())
        .containsExactly(
            new ResponseCount(200, ResponseCount.NO_GRPC_STATUS, "-", 1),
            new ResponseCount(503, ResponseCount.NO_GRPC_STATUS, "UF", 1));
    SegmentFigures link = edge.segments().get(Segment.LINK);
    assertThat(link.rttP50Nanos()).isCloseTo(80_000, within(64L));
    assertThat(link).isEqualTo(new SegmentFigures(2, link.rttP50Nanos(), 1, 2, 500, 5000));
  }

  @Test
  void share_isSecondsOverSeconds() {
    window.record(
        TestCalls.productpageToReviews()
            .startingAt(NOW)
            .taking(SOURCE_SIDECAR, 100)
            .taking(APPLICATION, 100)
            .call());
    window.record(TestCalls.productpageToReviews().startingAt(NOW).taking(APPLICATION, 800).call());
    EdgeSnapshot edge = only(5);
    assertThat(edge.share(Rollup.SIDECAR)).isEqualTo(0.1);
    assertThat(edge.share(Rollup.APPLICATION)).isEqualTo(0.9);
    assertThat(edge.share(Rollup.NETWORK)).isZero();
  }

  @Test
  void percentiles_closeToExact() {
    Random random = new Random(1);
    long[] exact = new long[20_000];
    for (int i = 0; i < exact.length; i++) {
      exact[i] = (long) Math.exp(10 + random.nextGaussian() * 2);
      recordAt(NOW - random.nextInt(60), exact[i]);
    }
    Arrays.sort(exact);
    LatencyFigures total = only(60).total();
    assertThatIsPercentile(total.p50Nanos(), exact, 0.50);
    assertThatIsPercentile(total.p95Nanos(), exact, 0.95);
    assertThatIsPercentile(total.p99Nanos(), exact, 0.99);
    assertThat(total.sumNanos()).isEqualTo(Arrays.stream(exact).sum());
  }

  @Test
  void percentiles_ofNoLengthAreZero() {
    recordAt(NOW, 0);
    recordAt(NOW, 0);
    assertThat(only(5).total().p50Nanos()).isZero();
    assertThat(only(5).total().p99Nanos()).isZero();
  }

  @Test
  void record_edgesBeyondTheBoundAreMerged() {
    for (int i = 0; i < 5; i++) {
      window.record(
          TestCalls.between(TestCalls.PRODUCTPAGE, TestCalls.bookinfo("app" + i, "v1"))
              .startingAt(NOW)
              .taking(APPLICATION, 1000)
              .call());
    }
    assertThat(window.mergedCalls()).isEqualTo(2);
    List<EdgeSnapshot> edges = window.snapshot(5);
    assertThat(edges).hasSize(4);
    assertThat(edges)
        .filteredOn(edge -> edge.edge().equals(EdgeKey.OTHER))
        .singleElement()
        .satisfies(edge -> assertThat(edge.requests()).isEqualTo(2));
  }

  @Test
  void record_beyondTheBoundOnBytes_oldestLosePercentilesOnly() {
    EdgeWindow small = new EdgeWindow(() -> Instant.ofEpochSecond(nowEpochSecond), 3, 100_000);
    Random random = new Random(1);
    for (nowEpochSecond = NOW; nowEpochSecond < NOW + 300; nowEpochSecond++) {
      for (int i = 0; i < 100; i++) {
        small.record(
            TestCalls.productpageToReviews()
                .startingAt(nowEpochSecond)
                .taking(APPLICATION, random.nextInt(1_000_000_000))
                .call());
      }
    }
    nowEpochSecond--;
    assertThat(small.packedBytes()).isLessThanOrEqualTo(100_000);
    assertThat(small.thinnedSeconds()).isBetween(700L, 890L);
    LatencyFigures total = small.snapshot(300).get(0).total();
    assertThat(total.count()).isEqualTo(30_000);
    assertThat(total.meanNanos()).isCloseTo(500_000_000, within(10_000_000L));
    assertThat(total.p50Nanos()).isCloseTo(500_000_000, within(50_000_000L));
    assertThat(small.snapshot(5, NOW + 100).get(0).total().p50Nanos())
        .isEqualTo(LatencyFigures.ABSENT);
  }

  @Test
  void snapshot_windowOutOfRange() {
    assertThatThrownBy(() -> window.snapshot(4)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> window.snapshot(901)).isInstanceOf(IllegalArgumentException.class);
  }

  private static void assertThatIsPercentile(long nanos, long[] sorted, double quantile) {
    long exact = sorted[(int) Math.ceil(quantile * sorted.length) - 1];
    assertThat(nanos).isCloseTo(exact, within(Math.max(64, exact / 1000)));
  }

  private void recordAt(long epochSecond, long applicationNanos) {
    window.record(
        TestCalls.productpageToReviews()
            .startingAt(epochSecond)
            .taking(APPLICATION, applicationNanos)
            .call());
  }

  private EdgeSnapshot only(int windowSeconds) {
    List<EdgeSnapshot> edges = window.snapshot(windowSeconds);
    assertThat(edges).hasSize(1);
    return edges.get(0);
  }
}
