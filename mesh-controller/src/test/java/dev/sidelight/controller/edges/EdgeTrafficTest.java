/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.edges;

import static dev.sidelight.controller.TestCalls.RATINGS;
import static dev.sidelight.controller.TestCalls.REVIEWS_V2;
import static dev.sidelight.controller.TestCalls.between;
import static dev.sidelight.controller.TestCalls.productpageToReviews;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sidelight.correlator.LatencyComponent;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the graph is drawn from. */
final class EdgeTrafficTest {

  private static final long START = 1_800_000_000L;
  private static final long MILLI = 1_000_000L;

  private long nowEpochSecond = START;
  private final EdgeWindow window =
      new EdgeWindow(() -> Instant.ofEpochSecond(nowEpochSecond), 10, Long.MAX_VALUE);

  @Test
  void traffic_addsUpWhatCallsCarried() {
    record(1, 2, 3);
    window.record(productpageToReviews().startingAt(START).answered(503, "UF").call());
    EdgeTraffic edge = only(window.traffic(60, START, false, false));
    // The test's calls carry 300 and 1,700 bytes each, under mutual TLS.
    assertThat(edge.requestBytes()).isEqualTo(1_200);
    assertThat(edge.responseBytes()).isEqualTo(6_800);
    assertThat(edge.mutualTlsRequests()).isEqualTo(4);
    assertThat(edge.principals().source()).endsWith("/sa/productpage");
    assertThat(edge.principals().destination()).endsWith("/sa/reviews");
    assertThat(edge.responses())
        .containsExactly(
            new ResponseCount(200, ResponseCount.NO_GRPC_STATUS, "-", 3),
            new ResponseCount(503, ResponseCount.NO_GRPC_STATUS, "UF", 1));
    assertThat(edge.network()).isNull();
  }

  @Test
  void grpc_isCountedByTheStatusInItsTrailers() {
    window.record(productpageToReviews().startingAt(START).answeredByGrpc(14).call());
    window.record(productpageToReviews().startingAt(START).answeredByGrpc(0).call());
    assertThat(only(window.traffic(60, START, false, false)).responses())
        .containsExactly(new ResponseCount(200, 0, "-", 1), new ResponseCount(200, 14, "-", 1));
  }

  /** Open seconds, packed ones, and packed ones that a late call opened again. */
  @Test
  void traffic_isTheSameHoweverSecondsAreKept() {
    for (int second = 0; second < 40; second++) {
      nowEpochSecond = START + second;
      record(1, 2);
    }
    window.record(productpageToReviews().startingAt(START).call());
    EdgeTraffic edge = only(window.traffic(60, nowEpochSecond, true, false));
    assertThat(edge.requestBytes()).isEqualTo(81 * 300);
    assertThat(edge.mutualTlsRequests()).isEqualTo(81);
    assertThat(edge.total().calls()).isEqualTo(81);
    assertThat(edge.sourceSidecar().calls()).isEqualTo(80);
  }

  @Test
  void durations_haveEachLengthOnce_ascending() {
    record(9, 1, 5, 5);
    DurationCounts total = only(window.traffic(60, START, false, false)).total();
    assertThat(total.calls()).isEqualTo(4);
    assertThat(total.sumNanos()).isEqualTo(sumOf(9 + 1 + 5 + 5));
    assertThat(total.counts()).containsExactly(1, 2, 1);
    assertThat(total.nanos()).isSorted();
    long[] exact = {sumOf(1), sumOf(5), sumOf(9)};
    for (int i = 0; i < exact.length; i++) {
      assertThat((double) total.nanos()[i] / exact[i]).isBetween(0.999, 1.001);
    }
  }

  /** The sum of a call's, not the components' own percentiles. */
  @Test
  void parts_areOfTheWholeCall() {
    record(1);
    EdgeTraffic edge = only(window.traffic(60, START, true, false));
    assertThat(edge.sourceSidecar().sumNanos()).isEqualTo((1 + 2 + 3) * MILLI);
    assertThat(edge.destinationSidecar().sumNanos()).isEqualTo(4 * MILLI);
    assertThat(edge.network().sumNanos()).isEqualTo(5 * MILLI);
    assertThat(edge.application().sumNanos()).isZero();
    assertThat(edge.application().calls()).isZero();
    assertThat(edge.sourceSidecar().counts()).containsExactly(1);
  }

  /** The next edge's figures are its own though they are added up in the same place. */
  @Test
  void edges_doNotMix() {
    record(7);
    window.record(
        between(REVIEWS_V2, RATINGS)
            .startingAt(START)
            .taking(LatencyComponent.NETWORK, MILLI)
            .call());
    List<EdgeTraffic> edges = window.traffic(60, START, true, false);
    assertThat(edges)
        .extracting(edge -> edge.total().sumNanos())
        .containsExactlyInAnyOrder(sumOf(7), MILLI);
    assertThat(edges).allSatisfy(edge -> assertThat(edge.total().counts()).containsExactly(1));
    assertThat(edges).allSatisfy(edge -> assertThat(edge.network().counts()).containsExactly(1));
  }

  @Test
  void idleEdge_isToldWhereAskedFor() {
    record(1);
    assertThat(window.traffic(60, START + 300, false, false)).isEmpty();
    EdgeTraffic idle = only(window.traffic(60, START + 300, false, true));
    assertThat(idle.responses()).isEmpty();
    assertThat(idle.total().calls()).isZero();
  }

  @Test
  void windowOutOfRange_isRefused() {
    assertThatThrownBy(() -> window.traffic(901, START, false, false))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static long sumOf(long factor) {
    return 15 * factor * MILLI;
  }

  /** Calls in the current second; a component takes its number times the factor, in ms. */
  private void record(long... factors) {
    for (long factor : factors) {
      window.record(
          productpageToReviews()
              .startingAt(nowEpochSecond)
              .taking(LatencyComponent.SOURCE_SIDECAR_QUEUE, factor * MILLI)
              .taking(LatencyComponent.SOURCE_SIDECAR, 2 * factor * MILLI)
              .taking(LatencyComponent.SOURCE_SIDECAR_CONNECT, 3 * factor * MILLI)
              .taking(LatencyComponent.DESTINATION_SIDECAR, 4 * factor * MILLI)
              .taking(LatencyComponent.NETWORK, 5 * factor * MILLI)
              .call());
    }
  }

  private static EdgeTraffic only(List<EdgeTraffic> traffic) {
    assertThat(traffic).hasSize(1);
    return traffic.get(0);
  }
}
