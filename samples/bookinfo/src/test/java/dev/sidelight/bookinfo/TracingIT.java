/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.bookinfo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sidelight.bookinfo.TraceCollector.Span;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A client that traces calls bookinfo, whose apps pass its traceparent on. */
@ExtendWith(LocalMesh.class)
class TracingIT {

  private static final int SLEEP_MILLIS = 100;
  private static final String CLIENTS_SPAN = "00f067aa0ba902b7";

  @AfterEach
  void clear(LocalMesh mesh) {
    mesh.run("fault", "clear");
  }

  @Test
  void sleepOfAnApp_isItsSpanInTheClientsTrace(LocalMesh mesh, SidelightApi api) {
    String traceId = UUID.randomUUID().toString().replace("-", "");
    try (TraceCollector collector = new TraceCollector(mesh.otlpPort())) {
      mesh.run("fault", "app-sleep", "details-v1", String.valueOf(SLEEP_MILLIS));
      String requestId = UUID.randomUUID().toString();
      mesh.run(
          "request",
          "--request-id",
          requestId,
          "--traceparent",
          "00-" + traceId + "-" + CLIENTS_SPAN + "-01");
      await("the call from outside is exported, and with it those within")
          .atMost(Duration.ofSeconds(30))
          .until(() -> collector.spans(traceId).stream().anyMatch(TracingIT::isOutermost));

      List<Span> spans = collector.spans(traceId);
      System.out.println(tree(spans, CLIENTS_SPAN, ""));
      Span slept = only(spans, "details", "INTERNAL", "application");
      assertThat(slept.nanos() / 1e6).isBetween(SLEEP_MILLIS - 0.0, SLEEP_MILLIS + 20.0);
      assertThat(ancestors(slept, spans))
          .containsExactly(
              "details SERVER",
              "productpage CLIENT",
              "productpage application",
              "productpage SERVER",
              "istio-ingressgateway CLIENT",
              "istio-ingressgateway SERVER",
              CLIENTS_SPAN);
      assertThatComponentsAreTheirCalls(spans, api.callsOf(requestId));
      assertThat(spans).as("one node, one clock").noneMatch(s -> s.halved() && isLink(s));
    }
  }

  private static boolean isOutermost(Span span) {
    return span.parentId().equals(CLIENTS_SPAN);
  }

  private static boolean isLink(Span span) {
    return span.name().startsWith("network");
  }

  /** Each call as the API tells it: its total, and every component's sum. */
  private static void assertThatComponentsAreTheirCalls(List<Span> spans, List<Call> calls) {
    List<Long> totals = new ArrayList<>();
    for (Span whole : spans) {
      if (whole.kind().equals("CLIENT") || isOutermost(whole)) {
        totals.add(whole.nanos());
        List<Span> parts = components(whole, spans);
        assertThat(parts.stream().mapToLong(Span::nanos).sum()).isEqualTo(whole.nanos());
        long atNanos = whole.startEpochNanos();
        for (Span part : parts) {
          assertThat(part.startEpochNanos()).as(part.toString()).isEqualTo(atNanos);
          assertThat(part.nanos()).as(part.toString()).isPositive();
          atNanos = part.endEpochNanos();
        }
      }
    }
    assertThat(totals)
        .containsExactlyInAnyOrderElementsOf(
            calls.stream()
                .map(call -> call.components().values().stream().mapToLong(n -> n).sum())
                .toList());
  }

  /** The call's own, in their order: those in it, and in the destination's part. */
  private static List<Span> components(Span whole, List<Span> spans) {
    List<String> parents = new ArrayList<>(List.of(whole.id()));
    spans.stream()
        .filter(s -> s.parentId().equals(whole.id()) && s.kind().equals("SERVER"))
        .forEach(s -> parents.add(s.id()));
    return spans.stream()
        .filter(s -> s.kind().equals("INTERNAL") && parents.contains(s.parentId()))
        .sorted((a, b) -> Long.compare(a.startEpochNanos(), b.startEpochNanos()))
        .toList();
  }

  private static Span only(List<Span> spans, String service, String kind, String name) {
    List<Span> found =
        spans.stream()
            .filter(s -> s.service().equals(service) && s.kind().equals(kind))
            .filter(s -> s.name().equals(name))
            .toList();
    assertThat(found).as("%s of %s", name, service).hasSize(1);
    return found.get(0);
  }

  /** Service and kind, or for a component its name; at the end the id that is nobody's here. */
  private static List<String> ancestors(Span span, List<Span> spans) {
    Map<String, Span> byId =
        spans.stream().collect(Collectors.toMap(Span::id, Function.identity()));
    List<String> ancestors = new ArrayList<>();
    String id = span.parentId();
    for (Span above = byId.get(id); above != null; above = byId.get(id)) {
      ancestors.add(
          above.service() + " " + (above.kind().equals("INTERNAL") ? above.name() : above.kind()));
      id = above.parentId();
    }
    ancestors.add(id);
    return ancestors;
  }

  private static String tree(List<Span> spans, String parentId, String indent) {
    return spans.stream()
        .filter(span -> span.parentId().equals(parentId))
        .sorted((a, b) -> Long.compare(a.startEpochNanos(), b.startEpochNanos()))
        .map(
            span ->
                "%s%s %s %s %.3f ms%n"
                        .formatted(
                            indent, span.name(), span.service(), span.kind(), span.nanos() / 1e6)
                    + tree(spans, span.id(), indent + "  "))
        .collect(Collectors.joining());
  }
}
