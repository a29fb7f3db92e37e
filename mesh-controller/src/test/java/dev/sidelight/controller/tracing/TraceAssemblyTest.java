/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.tracing;

import static dev.sidelight.controller.TestCalls.GATEWAY;
import static dev.sidelight.controller.TestCalls.PRODUCTPAGE;
import static dev.sidelight.controller.TestCalls.RATINGS;
import static dev.sidelight.controller.TestCalls.REVIEWS_V1;
import static dev.sidelight.controller.tracing.TracedCalls.MICRO;
import static dev.sidelight.controller.tracing.TracedCalls.START_EPOCH_NANOS;
import static dev.sidelight.controller.tracing.TracedCalls.TRACEPARENT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sidelight.controller.TestCalls;
import dev.sidelight.correlator.LatencyComponent;
import dev.sidelight.correlator.Workload;
import io.opentelemetry.api.trace.SpanId;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TraceAssemblyTest {

  private static final String OF_THE_APP = "00-" + TracedCalls.TRACE_ID + "-00000000000000aa-01";

  private final TestCalls gatewayToProductpage = TracedCalls.full(GATEWAY, PRODUCTPAGE);
  private final TestCalls productpageToReviews =
      TestCalls.between(PRODUCTPAGE, REVIEWS_V1)
          .withRequestId(TracedCalls.REQUEST_ID)
          .startingAtNanos(START_EPOCH_NANOS + 20_000 * MICRO)
          .taking(LatencyComponent.APPLICATION, 30_000 * MICRO);
  private final TestCalls reviewsToRatings =
      TestCalls.between(REVIEWS_V1, RATINGS)
          .withRequestId(TracedCalls.REQUEST_ID)
          .startingAtNanos(START_EPOCH_NANOS + 21_000 * MICRO)
          .taking(LatencyComponent.APPLICATION, 10_000 * MICRO);

  @Test
  void appsOwnCalls_areChildrenOfItsWork() {
    List<SpanData> spans = spans(reviewsToRatings, productpageToReviews, gatewayToProductpage);
    assertThat(spans).extracting(SpanData::getTraceId).containsOnly(traceId());
    assertThat(client(spans, "istio-ingressgateway").getParentSpanId())
        .isEqualTo(SpanId.getInvalid());
    assertThat(client(spans, "productpage").getParentSpanId())
        .isEqualTo(application(spans, "productpage"));
    assertThat(client(spans, "reviews").getParentSpanId()).isEqualTo(application(spans, "reviews"));
  }

  @Test
  void forwardedTraceparent_isTheOuterCallsAlone() {
    List<SpanData> spans =
        spans(
            gatewayToProductpage.tracedBy(TRACEPARENT), productpageToReviews.tracedBy(TRACEPARENT));
    assertThat(client(spans, "istio-ingressgateway").getParentSpanId())
        .isEqualTo(TracedCalls.PARENT_ID);
    assertThat(client(spans, "productpage").getParentSpanId())
        .isEqualTo(application(spans, "productpage"));
  }

  @Test
  void tracedApp_saysWhichOfItsSpansCalls() {
    List<SpanData> spans =
        spans(
            gatewayToProductpage.tracedBy(TRACEPARENT), productpageToReviews.tracedBy(OF_THE_APP));
    assertThat(client(spans, "productpage").getParentSpanId()).isEqualTo("00000000000000aa");
  }

  @Test
  void callOfAnotherTime_orAnotherRequest_isNoChild() {
    List<SpanData> late =
        spans(
            gatewayToProductpage,
            productpageToReviews.startingAtNanos(START_EPOCH_NANOS + 200_000 * MICRO));
    assertThat(client(late, "productpage").getParentSpanId()).isEqualTo(SpanId.getInvalid());
    List<SpanData> other =
        spans(
            gatewayToProductpage.tracedBy(TRACEPARENT),
            productpageToReviews.withRequestId("r-2").tracedBy(TRACEPARENT));
    assertThat(client(other, "productpage").getParentSpanId()).isEqualTo(TracedCalls.PARENT_ID);
  }

  @Test
  void unknownSource_leavesTheWholeToTheDestination() {
    List<SpanData> spans =
        spans(
            TestCalls.between(Workload.UNKNOWN, GATEWAY)
                .withRequestId(TracedCalls.REQUEST_ID)
                .startingAtNanos(START_EPOCH_NANOS - 1_000 * MICRO)
                .taking(LatencyComponent.DESTINATION_SIDECAR, 2_000 * MICRO)
                .taking(LatencyComponent.DESTINATION_UNSPLIT, 101_000 * MICRO),
            gatewayToProductpage);
    SpanData whole = spans.get(0);
    assertThat(whole.getKind()).isEqualTo(SpanKind.SERVER);
    assertThat(service(whole)).isEqualTo("istio-ingressgateway");
    assertThat(spans.subList(1, 4)).allMatch(s -> s.getParentSpanId().equals(whole.getSpanId()));
    assertThat(client(spans, "istio-ingressgateway").getParentSpanId())
        .isEqualTo(whole.getSpanId());
  }

  @Test
  void unknownDestination_isTheSourcesAlone() {
    List<SpanData> spans =
        spans(
            TestCalls.between(PRODUCTPAGE, Workload.UNKNOWN)
                .taking(LatencyComponent.SOURCE_SIDECAR, 2_000 * MICRO)
                .taking(LatencyComponent.LINK_UNSPLIT, 10_000 * MICRO));
    assertThat(spans).extracting(SpanData::getKind).doesNotContain(SpanKind.SERVER);
    assertThat(spans).hasSize(4).allMatch(span -> service(span).equals("productpage"));
  }

  private static String traceId() {
    return TracedCalls.REQUEST_ID.replace("-", "");
  }

  private static List<SpanData> spans(TestCalls... calls) {
    return new TraceAssembly()
        .spans(
            Stream.of(calls)
                .map(TestCalls::call)
                .map(c -> new ChosenCall(c, TraceContext.of(c), ChosenCall.Reason.SLOW))
                .toList());
  }

  private static SpanData client(List<SpanData> spans, String service) {
    return spans.stream()
        .filter(span -> span.getKind() == SpanKind.CLIENT && service(span).equals(service))
        .findFirst()
        .orElseThrow();
  }

  private static String application(List<SpanData> spans, String service) {
    return spans.stream()
        .filter(span -> span.getName().equals("application") && service(span).equals(service))
        .findFirst()
        .orElseThrow()
        .getSpanId();
  }

  private static String service(SpanData span) {
    return span.getResource().getAttributes().asMap().entrySet().stream()
        .filter(attribute -> attribute.getKey().getKey().equals("service.name"))
        .findFirst()
        .orElseThrow()
        .getValue()
        .toString();
  }
}
