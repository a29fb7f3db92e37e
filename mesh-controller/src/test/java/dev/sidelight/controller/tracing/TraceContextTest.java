/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.tracing;

import static dev.sidelight.controller.tracing.TracedCalls.PARENT_ID;
import static dev.sidelight.controller.tracing.TracedCalls.TRACEPARENT;
import static dev.sidelight.controller.tracing.TracedCalls.TRACE_ID;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sidelight.controller.TestCalls;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TraceContextTest {

  @Test
  void traceparent_isJoined() {
    TraceContext context = of(TRACEPARENT, "r-1");
    assertThat(context.traceId()).isEqualTo(TRACE_ID);
    assertThat(context.parent().getSpanId()).isEqualTo(PARENT_ID);
    assertThat(context.parent().isSampled()).isTrue();
    assertThat(context.traceparent()).isEqualTo(Traceparent.JOINED);
    assertThat(of(TRACEPARENT.replaceAll("01$", "00"), "r-1").parent().isSampled()).isFalse();
  }

  @Test
  void laterVersion_isJoinedByWhatThisOneKnows() {
    assertThat(of("cc" + TRACEPARENT.substring(2) + "-more", "").traceId()).isEqualTo(TRACE_ID);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x",
        "00",
        "-",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e473g-00f067aa0ba902b7-01",
        "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00_4bf92f3577b34da6a3ce929d0e0e4736_00f067aa0ba902b7_01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0\u00e9"
      })
  void malformed_isIgnored(String traceparent) {
    TraceContext context = of(traceparent, TracedCalls.REQUEST_ID);
    assertThat(context.traceparent()).isEqualTo(Traceparent.MALFORMED);
    assertThat(context.parent().isValid()).isFalse();
    assertThat(context.traceId()).isEqualTo(of("", TracedCalls.REQUEST_ID).traceId());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01"
      })
  void zeros_areIgnored(String traceparent) {
    TraceContext context = of(traceparent, TracedCalls.REQUEST_ID);
    assertThat(context.traceparent()).isEqualTo(Traceparent.ZERO_ID);
    assertThat(context.parent().isValid()).isFalse();
    assertThat(context.traceId()).isEqualTo(of("", TracedCalls.REQUEST_ID).traceId());
  }

  /** Envoy writes 9, a or b into the version's place where it traces the request. */
  @ParameterizedTest
  @CsvSource({
    "8f2a6c1e-1111-4222-8333-000000000001, 8f2a6c1e111142228333000000000001",
    "8f2a6c1e-1111-9222-8333-000000000001, 8f2a6c1e111142228333000000000001",
    "00000000-0000-0000-0000-000000000000, 00000000000040000000000000000000"
  })
  void requestId_isTheTraceId(String requestId, String traceId) {
    TraceContext context = of("", requestId);
    assertThat(context.traceId()).isEqualTo(traceId);
    assertThat(context.traceparent()).isEqualTo(Traceparent.ABSENT);
    assertThat(context.parent().isValid()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"r-1", "1-1-1-1-1", "8F2A6C1E-1111-4222-8333-000000000001"})
  void otherRequestId_makesOneTraceIdEachTime(String requestId) {
    assertThat(of("", requestId).traceId())
        .matches("[0-9a-f]{32}")
        .isEqualTo(of("", requestId).traceId())
        .isNotEqualTo(of("", requestId + "x").traceId());
  }

  @Test
  void noRequestId_isATraceOfItsOwn() {
    assertThat(of("", "").traceId()).matches("[0-9a-f]{32}").isNotEqualTo(of("", "").traceId());
  }

  @Test
  void share_isThatOfTheTraces() {
    long sampled =
        IntStream.range(0, 10_000)
            .filter(i -> of("", UUID.randomUUID().toString()).isOfShare(0.1))
            .count();
    // Six standard deviations.
    assertThat(sampled).isBetween(820L, 1_180L);
    assertThat(of("", "r-1").isOfShare(1)).isTrue();
    assertThat(of("", "r-1").isOfShare(0)).isFalse();
    assertThat(of("00-" + "f".repeat(32) + "-00f067aa0ba902b7-01", "").isOfShare(0)).isFalse();
  }

  private static TraceContext of(String traceparent, String requestId) {
    return TraceContext.of(
        TestCalls.productpageToReviews().tracedBy(traceparent).withRequestId(requestId).call());
  }
}
