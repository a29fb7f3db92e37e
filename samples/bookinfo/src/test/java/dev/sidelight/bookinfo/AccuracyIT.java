/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.bookinfo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * At 50 requests a second: how much is seen, and whether what is told agrees with what the programs
 * and a single clock say.
 */
@ExtendWith(LocalMesh.class)
class AccuracyIT {

  private static final int REQUESTS_PER_SECOND = 50;
  private static final int SECONDS = 30;
  private static final long CLOCK_TOLERANCE_NANOS = 200_000;
  private static final long NETWORK_TOLERANCE_NANOS = 5_000;

  private static List<Call> calls;

  @BeforeAll
  static void drive(LocalMesh mesh, SidelightApi api) {
    mesh.run("traffic", "20", "5"); // connections and programs are warm
    long beginEpochMillis = System.currentTimeMillis();
    mesh.run("traffic", String.valueOf(REQUESTS_PER_SECOND), String.valueOf(SECONDS));
    int expected = REQUESTS_PER_SECOND * SECONDS;
    await("every call of the gateway is told")
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(500))
        .until(
            () ->
                callsSince(api, beginEpochMillis).stream()
                        .filter(call -> call.edge().equals(Bookinfo.EDGES.get(0)))
                        .count()
                    >= expected);
    // Every record of the calls before the last has passed its window by then: nothing is told
    // later.
    await("nothing is pending")
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(500))
        .until(
            () -> api.controllerMetric("sidelight_correlator_pending\\{type=\"entry\".*\\}") == 0);
    calls = callsSince(api, beginEpochMillis);
  }

  private static List<Call> callsSince(SidelightApi api, long beginEpochMillis) {
    return api.calls(120).stream()
        .filter(call -> call.startEpochMillis() >= beginEpochMillis)
        .filter(call -> Bookinfo.EDGES.contains(call.edge()))
        .toList();
  }

  @Test
  void everyEdgeBetweenProxies_isFullInNinetyNineOfAHundred() {
    Map<String, Map<String, Long>> reasonsByEdge =
        calls.stream()
            .collect(
                Collectors.groupingBy(
                    Call::edge, Collectors.groupingBy(Call::reason, Collectors.counting())));
    System.out.println("coverage " + reasonsByEdge);

    assertThat(reasonsByEdge.keySet()).containsExactlyInAnyOrderElementsOf(Bookinfo.EDGES);
    long full = calls.stream().filter(Call::isFull).count();
    assertThat((double) full / calls.size()).isGreaterThanOrEqualTo(0.99);
    assertThat(calls)
        .filteredOn(call -> !call.isFull())
        .allMatch(call -> !call.reason().equals("none"));
  }

  @Test
  void componentsSumToTheCallersOwnClock(LocalMesh mesh) {
    Map<String, Call> bySend = new HashMap<>();
    calls.stream()
        .filter(call -> Bookinfo.CALLERS.contains(call.source()) && call.isFull())
        .forEach(call -> bySend.put(call.requestId() + call.edge(), call));
    List<Long> differences = new ArrayList<>();
    int right = 0;
    for (String caller : Bookinfo.CALLERS) {
      for (JsonNode own : mesh.ownClockCalls(caller)) {
        Call call = told(bySend, own, caller);
        if (call == null) {
          continue;
        }
        assertThat(call.components().values().stream().mapToLong(Long::longValue).sum())
            .isEqualTo(call.totalNanos());
        long ownNanos =
            own.get("endMonotonicNanos").asLong() - own.get("startMonotonicNanos").asLong();
        long difference = ownNanos - call.totalNanos();
        differences.add(difference);
        right += Math.abs(difference) <= Math.max(CLOCK_TOLERANCE_NANOS, ownNanos / 100) ? 1 : 0;
      }
    }
    differences.sort(null);
    System.out.printf(
        "own clock less total, us: n=%d p1=%d p50=%d p99=%d max=%d%n",
        differences.size(),
        micros(differences, 0.01),
        micros(differences, 0.5),
        micros(differences, 0.99),
        micros(differences, 1));

    assertThat(differences).hasSizeGreaterThanOrEqualTo(bySend.size() * 99 / 100);
    assertThat((double) right / differences.size()).isGreaterThanOrEqualTo(0.99);
  }

  @Test
  void networkByDurations_isTheTwoPassagesOnEveryRequest() {
    List<Call> full = calls.stream().filter(Call::isFull).toList();
    long smallestPassage = Long.MAX_VALUE;
    for (Call call : full) {
      long thereNanos =
          call.nanos("destinationDownstream", "lastArrivalNanos")
              - call.nanos("sourceUpstream", "lastSendNanos");
      long backNanos =
          call.nanos("sourceUpstream", "lastArrivalNanos")
              - call.nanos("destinationDownstream", "lastSendNanos");
      smallestPassage = Math.min(smallestPassage, Math.min(thereNanos, backNanos));
      assertThat(Math.abs(thereNanos + backNanos - call.components().get("network")))
          .as(call.json().toString())
          .isLessThanOrEqualTo(NETWORK_TOLERANCE_NANOS);
      assertThat(Math.min(thereNanos, backNanos)).as(call.json().toString()).isPositive();
    }
    System.out.printf(
        "network: n=%d, smallest passage %d us%n", full.size(), smallestPassage / 1_000);
  }

  @Test
  void requestIdOnTheDestinationsHop_isTheCallersOnEveryRequest() {
    List<Call> full = calls.stream().filter(Call::isFull).toList();
    assertThat(full).isNotEmpty();
    for (Call call : full) {
      assertThat(call.end("destinationUpstream").get("requestId").asText())
          .isEqualTo(call.requestId());
      if (Bookinfo.CALLERS.contains(call.source())) {
        assertThat(call.end("sourceApp").get("requestId").asText()).isEqualTo(call.requestId());
      }
    }
  }

  @Test
  void everyRecord_isAccountedFor(SidelightApi api) {
    await("the last ends have passed their window")
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(500))
        .untilAsserted(
            () -> {
              for (String type : List.of("entry", "end")) {
                String label = "\\{(?:.*,)?type=\"" + type + "\".*\\}";
                double received =
                    api.controllerMetric("sidelight_correlator_received_total" + label);
                double ended = api.controllerMetric("sidelight_correlator_records_total" + label);
                double pending = api.controllerMetric("sidelight_correlator_pending" + label);
                assertThat(received).as(type).isPositive().isEqualTo(ended + pending);
              }
            });
  }

  private static Call told(Map<String, Call> bySend, JsonNode own, String caller) {
    String requestId = own.get("requestId").asText();
    String destination = own.get("destination").asText();
    for (String edge : Bookinfo.EDGES) {
      if (edge.startsWith(caller + "->" + destination)) {
        Call call = bySend.get(requestId + edge);
        if (call != null) {
          return call;
        }
      }
    }
    return null;
  }

  private static long micros(List<Long> sorted, double quantile) {
    return sorted.get((int) Math.min(sorted.size() - 1, Math.floor(sorted.size() * quantile)))
        / 1_000;
  }
}
