/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.tracing;

import static dev.sidelight.controller.TestCalls.GATEWAY;
import static dev.sidelight.controller.TestCalls.PRODUCTPAGE;
import static dev.sidelight.controller.TestCalls.REVIEWS_V1;
import static dev.sidelight.controller.tracing.TracedCalls.MICRO;
import static dev.sidelight.controller.tracing.TracedCalls.TOTAL_NANOS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sidelight.controller.TestCalls;
import dev.sidelight.correlator.CallEnds;
import dev.sidelight.correlator.CorrelatedRequest;
import dev.sidelight.correlator.ExchangeEnd;
import dev.sidelight.correlator.LatencyBreakdown;
import dev.sidelight.correlator.LatencyComponent;
import dev.sidelight.correlator.SocketAddress;
import dev.sidelight.correlator.Workload;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CallTimelineTest {

  @Test
  void fullCall_isLaidAsTheKernelSawIt() {
    assertThat(text(TracedCalls.full(PRODUCTPAGE, REVIEWS_V1).call()))
        .containsExactly(
            "request_transfer 0-10",
            "source_hop request 10-30",
            "source_sidecar_queue request 30-60",
            "source_sidecar request 60-120",
            "source_sidecar_connect 120-160",
            "network request 160-260",
            "destination_sidecar_queue request 260-280",
            "destination_sidecar request 280-380",
            "destination_hop request 380-400",
            "application_queue 400-450",
            "application 450-100450",
            "response_transfer 100450-100460",
            "destination_hop response 100460-100480",
            "destination_sidecar_queue response 100480-100500",
            "destination_sidecar response 100500-100550",
            "network response 100550-100600",
            "source_sidecar_queue response 100600-100640",
            "source_sidecar response 100640-100700",
            "source_hop response 100700-100720",
            "source_application_read 100720-100730");
  }

  @Test
  void networkBetweenTwoClocks_isHalved() {
    assertThat(text(TracedCalls.fullOnTwoNodes(PRODUCTPAGE, REVIEWS_V1).call()))
        .contains(
            "source_sidecar_connect 120-160",
            "network request halved 160-235",
            "destination_sidecar_queue request 235-255",
            "application 425-100425",
            "destination_sidecar response 100475-100525",
            "network response halved 100525-100600",
            "source_sidecar_queue response 100600-100640");
  }

  @Test
  void accessLogsAlone_areHalvedAroundWhatNobodySplits() {
    assertThat(
            text(
                TestCalls.productpageToReviews()
                    .taking(LatencyComponent.SOURCE_SIDECAR, 100 * MICRO)
                    .taking(LatencyComponent.LINK_UNSPLIT, 60 * MICRO)
                    .taking(LatencyComponent.DESTINATION_SIDECAR, 80 * MICRO)
                    .taking(LatencyComponent.DESTINATION_UNSPLIT, 500 * MICRO)
                    .call()))
        .containsExactly(
            "source_sidecar request halved 0-50",
            "link_unsplit request halved 50-80",
            "destination_sidecar request halved 80-120",
            "destination_unsplit 120-620",
            "destination_sidecar response halved 620-660",
            "link_unsplit response halved 660-690",
            "source_sidecar response halved 690-740");
  }

  @Test
  void whatHasNothingInBetween_isOne() {
    assertThat(
            text(
                TestCalls.between(PRODUCTPAGE, Workload.UNKNOWN)
                    .taking(LatencyComponent.SOURCE_SIDECAR, 100 * MICRO)
                    .taking(LatencyComponent.LINK_UNSPLIT, 60 * MICRO)
                    .call()))
        .containsExactly(
            "source_sidecar request halved 0-50",
            "link_unsplit 50-110",
            "source_sidecar response halved 110-160");
  }

  @Test
  void attempts_lieBeforeTheSendThatCounts() {
    assertThat(
            text(
                TestCalls.between(GATEWAY, PRODUCTPAGE)
                    .taking(LatencyComponent.SOURCE_SIDECAR, 100 * MICRO)
                    .taking(LatencyComponent.RETRY, 25_000 * MICRO)
                    .taking(LatencyComponent.NETWORK, 10 * MICRO)
                    .taking(LatencyComponent.APPLICATION, 10 * MICRO)
                    .call()))
        .startsWith(
            "source_sidecar request halved 0-50",
            "retry 50-25050",
            "network request halved 25050-25055");
  }

  /** Whatever the points are, clamped calls' among them, what the breakdown says is laid out. */
  @Test
  void anyCall_isItsTotalWithoutGaps() {
    Random random = new Random(7);
    for (int i = 0; i < 5_000; i++) {
      CorrelatedRequest call = randomCall(random);
      long atNanos = 0;
      Map<LatencyComponent, Long> sums = new EnumMap<>(LatencyComponent.class);
      for (Segment segment : CallTimeline.of(call)) {
        assertThat(segment.startNanos()).isEqualTo(atNanos);
        assertThat(segment.nanos()).isPositive();
        sums.merge(segment.component(), segment.nanos(), Long::sum);
        atNanos = segment.endNanos();
      }
      assertThat(atNanos).isEqualTo(call.breakdown().totalNanos());
      for (LatencyComponent component : LatencyComponent.values()) {
        assertThat(sums.getOrDefault(component, 0L))
            .as("%s of %s", component, call)
            .isEqualTo(Math.max(0, call.breakdown().nanos(component)));
      }
    }
  }

  @Test
  void total_isTheFixtures() {
    assertThat(TracedCalls.full(PRODUCTPAGE, REVIEWS_V1).call().breakdown().totalNanos())
        .isEqualTo(TOTAL_NANOS);
  }

  private static CorrelatedRequest randomCall(Random random) {
    TestCalls call = TestCalls.productpageToReviews();
    for (LatencyComponent component : LatencyComponent.values()) {
      if (random.nextBoolean()) {
        call.taking(component, random.nextInt(4));
      }
    }
    return call.waitingForUpstream(LatencyBreakdown.ABSENT)
        .withEnds(
            new CallEnds(
                randomEnd(random, true),
                randomEnd(random, false),
                randomEnd(random, true),
                randomEnd(random, false),
                randomEnd(random, true),
                randomEnd(random, false)),
            random.nextBoolean())
        .call();
  }

  private static ExchangeEnd randomEnd(Random random, boolean initiator) {
    if (random.nextInt(4) == 0) {
      return null;
    }
    SocketAddress address = new SocketAddress("127.0.0.1", 1);
    return new ExchangeEnd(
        1,
        0,
        initiator,
        address,
        address,
        0,
        0,
        random.nextInt(8),
        random.nextInt(8),
        random.nextInt(8),
        random.nextInt(8),
        random.nextInt(8),
        random.nextInt(8),
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        "",
        "",
        "",
        0,
        "",
        0);
  }

  /** Component, way, from and to in microseconds. */
  private static List<String> text(CorrelatedRequest call) {
    return CallTimeline.of(call).stream().map(CallTimelineTest::text).toList();
  }

  private static String text(Segment segment) {
    String way =
        switch (segment.way()) {
          case REQUEST -> " request";
          case RESPONSE -> " response";
          case WHOLE -> "";
        };
    return segment.component().key()
        + way
        + (segment.halved() ? " halved " : " ")
        + segment.startNanos() / MICRO
        + "-"
        + segment.endNanos() / MICRO;
  }
}
