/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.tracing;

import static dev.sidelight.controller.TestCalls.PRODUCTPAGE;
import static dev.sidelight.controller.TestCalls.REVIEWS_V1;
import static dev.sidelight.controller.tracing.TracedCalls.START_EPOCH_NANOS;
import static dev.sidelight.controller.tracing.TracedCalls.TOTAL_NANOS;
import static dev.sidelight.controller.tracing.TracedCalls.TRACEPARENT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import dev.sidelight.controller.TestCalls;
import dev.sidelight.controller.tracing.OtlpReceiver.Received;
import dev.sidelight.correlator.CorrelatedRequest;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a collector that reads what comes over the wire. */
class TraceExportTest {

  private final OtlpReceiver receiver = new OtlpReceiver();
  private final RecordingTracingEvents events = new RecordingTracingEvents();
  private final AtomicLong aheadNanos = new AtomicLong();
  private TraceExport export;

  @TempDir Path directory;

  @AfterEach
  void close() {
    export.close();
    receiver.close();
  }

  @Test
  void call_isASpanWithItsComponentsInIt() {
    start(receiver.tracesUrl(), null, 1_000);
    export(TracedCalls.full(PRODUCTPAGE, REVIEWS_V1).tracedBy(TRACEPARENT).call());
    await().until(() -> events.count("exported") == 1);

    Received whole = span(Span.SpanKind.SPAN_KIND_CLIENT);
    assertThat(whole.traceId()).isEqualTo(TracedCalls.TRACE_ID);
    assertThat(whole.parentId()).isEqualTo(TracedCalls.PARENT_ID);
    assertThat(whole.span().getName()).isEqualTo("GET /reviews/{}");
    assertThat(whole.span().getStartTimeUnixNano()).isEqualTo(START_EPOCH_NANOS);
    assertThat(nanos(whole)).isEqualTo(TOTAL_NANOS);
    assertThat(whole.resource())
        .containsEntry("service.name", "productpage")
        .containsEntry("service.namespace", "bookinfo")
        .containsEntry("service.version", "v1")
        .containsEntry("k8s.namespace.name", "bookinfo")
        .containsEntry("k8s.cluster.name", "Kubernetes")
        .containsEntry("sidelight.workload", "productpage-v1");
    assertThat(whole.attributes())
        .containsEntry("http.request.method", "GET")
        .containsEntry("http.response.status_code", 200L)
        .containsEntry("url.path", "/reviews/0")
        .containsEntry("url.template", "/reviews/{}")
        .containsEntry("server.address", "reviews.bookinfo.svc.cluster.local")
        .containsEntry("network.peer.address", "10.77.0.2")
        .containsEntry("network.peer.port", 15006L)
        .containsEntry("http.request.header.x-request-id", List.of(TracedCalls.REQUEST_ID))
        .containsEntry("sidelight.coverage", "full")
        .containsEntry("sidelight.flags", List.of("new_connection"))
        .containsEntry("sidelight.link.retransmits", 2L)
        .containsEntry("sidelight.application_nanos", 100_060_000L)
        .containsEntry("sidelight.sidecar_nanos", 420_000L)
        .doesNotContainKeys("error.type", "sidelight.reason", "sidelight.retry_nanos");

    Received destination = span(Span.SpanKind.SPAN_KIND_SERVER);
    assertThat(destination.parentId()).isEqualTo(whole.id());
    assertThat(destination.resource()).containsEntry("service.name", "reviews");
    assertThat(destination.span().getStartTimeUnixNano() - START_EPOCH_NANOS).isEqualTo(260_000);
    assertThat(nanos(destination)).isEqualTo(100_290_000);

    List<Received> components =
        receiver.spans().stream()
            .filter(s -> s.span().getKind() == Span.SpanKind.SPAN_KIND_INTERNAL)
            .toList();
    assertThat(components).hasSize(20);
    assertThat(components.stream().mapToLong(TraceExportTest::nanos).sum()).isEqualTo(TOTAL_NANOS);
    for (Received component : components) {
      boolean there = component.resource().get("service.name").equals("reviews");
      assertThat(component.parentId()).isEqualTo(there ? destination.id() : whole.id());
    }
    Received application = component("application");
    assertThat(nanos(application)).isEqualTo(100_000_000);
    assertThat(application.attributes())
        .containsEntry("sidelight.component", "application")
        .containsEntry("sidelight.rollup", "application")
        .containsEntry("sidelight.application_upstream_wait_nanos", 40_000_000L)
        .containsEntry("sidelight.application_self_nanos", 60_000_000L)
        .containsEntry("process.executable.name", "java");
    assertThat(component("network response").attributes())
        .containsEntry("sidelight.way", "response")
        .doesNotContainKey("sidelight.halved");
    assertThat(events.count("traceparent joined")).isEqualTo(1);
  }

  @Test
  void failedCall_saysWhy() {
    start(receiver.tracesUrl(), null, 1_000);
    export(TracedCalls.full(PRODUCTPAGE, REVIEWS_V1).answered(404, "NR").call());
    await().until(() -> events.count("exported") == 1);
    Received whole = span(Span.SpanKind.SPAN_KIND_CLIENT);
    assertThat(whole.span().getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_ERROR);
    assertThat(whole.attributes())
        .containsEntry("error.type", "404")
        .containsEntry("sidelight.response_flags", "NR");
    // To a server it is the client's mistake.
    assertThat(span(Span.SpanKind.SPAN_KIND_SERVER).span().getStatus().getCode())
        .isEqualTo(Status.StatusCode.STATUS_CODE_UNSET);
  }

  @Test
  void oddTraceparents_areCounted() {
    start(receiver.tracesUrl(), null, 1_000);
    export.accept(TracedCalls.full(PRODUCTPAGE, REVIEWS_V1).tracedBy("00-what").call());
    export.accept(
        TracedCalls.full(PRODUCTPAGE, REVIEWS_V1)
            .tracedBy("00-" + "0".repeat(32) + "-00f067aa0ba902b7-01")
            .call());
    export(TracedCalls.full(PRODUCTPAGE, REVIEWS_V1).call());
    await().until(() -> events.count("exported") == 3);
    assertThat(events.count("traceparent malformed")).isEqualTo(1);
    assertThat(events.count("traceparent zero_id")).isEqualTo(1);
    assertThat(events.count("traceparent absent")).isEqualTo(1);
    assertThat(receiver.spans())
        .extracting(Received::traceId)
        .containsOnly("8f2a6c1e111142228333000000000001");
  }

  @Test
  void headers_areTheFilesOfThatMoment() throws IOException {
    Path file = Files.writeString(directory.resolve("headers"), "authorization=Bearer one=1\n");
    start(receiver.tracesUrl(), file, 1_000);
    export(TracedCalls.full(PRODUCTPAGE, REVIEWS_V1).call());
    await().until(() -> events.count("exported") == 1);
    Files.writeString(file, "authorization: Bearer two\n");
    export(TracedCalls.full(PRODUCTPAGE, REVIEWS_V1).call());
    await().until(() -> events.count("exported") == 2);
    Files.delete(file);
    export(TracedCalls.full(PRODUCTPAGE, REVIEWS_V1).call());
    await().until(() -> events.count("exported") == 3);
    assertThat(receiver.tokens()).containsExactly("Bearer one=1", "Bearer two", "Bearer two");
  }

  @Test
  void refusal_isCountedAndTheNextIsTaken() {
    start(receiver.tracesUrl(), null, 1_000);
    receiver.answer(400);
    export(TracedCalls.full(PRODUCTPAGE, REVIEWS_V1).call());
    await().until(() -> events.count("failed refused") == 1);
    receiver.answer(200);
    export(TracedCalls.full(PRODUCTPAGE, REVIEWS_V1).call());
    await().until(() -> events.count("exported") == 1);
    assertThat(receiver.spans()).hasSize(22);
  }

  @Test
  void busyCollector_isAskedAgain() {
    start(receiver.tracesUrl(), null, 1_000);
    receiver.answer(503);
    export(TracedCalls.full(PRODUCTPAGE, REVIEWS_V1).call());
    await().until(() -> !receiver.tokens().isEmpty());
    receiver.answer(200);
    await().until(() -> events.count("exported") == 1);
    assertThat(receiver.tokens()).hasSizeGreaterThan(1);
    assertThat(events.left()).isEqualTo(1);
  }

  @Test
  void absentCollector_isCounted() {
    URI nobody = receiver.tracesUrl();
    receiver.close();
    start(nobody, null, 1_000);
    export(TracedCalls.full(PRODUCTPAGE, REVIEWS_V1).call());
    await().until(() -> events.count("failed unreachable") == 1);
    assertThat(export.pending()).isZero();
  }

  @Test
  void slowCollector_holdsNobodyUpAndTheRestIsCounted() {
    start(receiver.tracesUrl(), null, 100_000);
    receiver.hold();
    CorrelatedRequest call = TracedCalls.full(PRODUCTPAGE, REVIEWS_V1).call();
    export(call);
    await().until(() -> !receiver.tokens().isEmpty());
    int calls = TraceExport.MAX_PENDING + 1_000;
    for (int i = 1; i < calls; i++) {
      export.accept(call);
    }
    assertThat(export.pending()).isEqualTo(TraceExport.MAX_PENDING);
    assertThat(events.count("dropped queue_full")).isEqualTo(calls - TraceExport.MAX_PENDING);
    assertTimeout(Duration.ofSeconds(2), export::close);
    assertThat(export.pending()).isZero();
    assertThat(events.left()).isEqualTo(calls);
    assertThat(events.count("exported")).isZero();
    assertThat(events.count("dropped shutdown")).isPositive();
  }

  @Test
  void rate_isBounded() {
    AtomicLong nowNanos = new AtomicLong(1);
    start(receiver.tracesUrl(), null, 2, nowNanos::get);
    CorrelatedRequest call = TracedCalls.full(PRODUCTPAGE, REVIEWS_V1).call();
    for (int i = 0; i < 5; i++) {
      export.accept(call);
    }
    assertThat(events.count("dropped rate")).isEqualTo(3);
    nowNanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
    export.accept(call);
    assertThat(events.count("dropped rate")).isEqualTo(3);
  }

  @Test
  void end_sendsWhatWaits() {
    start(receiver.tracesUrl(), null, 1_000);
    export.accept(TracedCalls.full(PRODUCTPAGE, REVIEWS_V1).call());
    export.close();
    assertThat(events.count("exported")).isEqualTo(1);
    assertThat(receiver.spans()).hasSize(22);
  }

  @Test
  void quickCall_isNotChosen() {
    start(receiver.tracesUrl(), null, 1_000);
    export.accept(TestCalls.productpageToReviews().call());
    assertThat(export.pending()).isZero();
    assertThat(events.count("traceparent absent")).isZero();
  }

  private void start(URI tracesUrl, Path headersFile, int maxPerSecond) {
    start(tracesUrl, headersFile, maxPerSecond, () -> System.nanoTime() + aheadNanos.get());
  }

  private void start(
      URI tracesUrl, Path headersFile, int maxPerSecond, LongSupplier monotonicNanos) {
    export =
        new TraceExport(
            new TracingSettings(
                tracesUrl, headersFile, 50_000_000, 0, SampledFlag.IGNORE, maxPerSecond),
            events,
            monotonicNanos);
    export.start();
  }

  /** The last of its trace: nothing more is waited for. */
  private void export(CorrelatedRequest call) {
    int left = events.left();
    int requests = receiver.tokens().size();
    export.accept(call);
    await()
        .until(
            () -> {
              // The thread may take it off the queue after the clock went on.
              aheadNanos.addAndGet(WaitingTraces.WAIT_NANOS);
              return events.left() > left || receiver.tokens().size() > requests;
            });
  }

  private Received span(Span.SpanKind kind) {
    List<Received> spans =
        receiver.spans().stream().filter(span -> span.span().getKind() == kind).toList();
    assertThat(spans).hasSize(1);
    return spans.get(0);
  }

  private Received component(String name) {
    List<Received> spans =
        receiver.spans().stream().filter(span -> span.span().getName().equals(name)).toList();
    assertThat(spans).as(name).hasSize(1);
    return spans.get(0);
  }

  private static long nanos(Received span) {
    return span.span().getEndTimeUnixNano() - span.span().getStartTimeUnixNano();
  }
}
