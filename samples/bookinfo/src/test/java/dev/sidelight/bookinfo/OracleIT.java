/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.bookinfo;

import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Every call of a plan against what the calling and the called program saw of it: they read the
 * clock around each of their system calls, so each component has a least and a greatest value.
 */
@ExtendWith(LocalMesh.class)
@MeshVariant("--oracle")
class OracleIT {

  private static final String CALLER = "caller-v1";
  private static final int CALLS = 6_000;
  private static final int WARM_UP_CALLS = 1_500;
  private static final int WARM_UP_WORK_MILLIS = 200;
  private static final double LEAST_RIGHT = 0.999;
  private static final double MOST_DISCARDED = 0.01;
  private static final double MOST_LOAD = 0.6;
  // On a machine that others use too: with longer work at the app there are fewer calls a second.
  // Where that does not help either, the same is asked of the calls under more load.
  private static final List<Integer> WORK_MILLIS = List.of(700, 1_400, 2_800);
  private static final int WINDOW_SECONDS = 900;

  @Test
  void http1OverSixtyFourConnections_isRight(LocalMesh mesh, SidelightApi api) {
    new Run(mesh, api, "http1", 64, 1).assertRight();
  }

  @Test
  void http2WithAHundredStreamsAtOnce_isRight(LocalMesh mesh, SidelightApi api) {
    new Run(mesh, api, "http2", 100, 2).assertRight();
  }

  /** One protocol's calls; the seed tells the protocols' request ids apart. */
  private record Run(LocalMesh mesh, SidelightApi api, String protocol, int atOnce, int seed) {

    void assertRight() {
      call(0, WARM_UP_CALLS, WARM_UP_WORK_MILLIS);
      double load = 1;
      int first = 0;
      for (int i = 0; i < WORK_MILLIS.size() && load >= MOST_LOAD; i++) {
        first += 2 * CALLS;
        load = call(first, CALLS, WORK_MILLIS.get(i));
      }
      OracleComparison comparison = compare(first);
      System.out.printf(
          "oracle %s at once=%d load=%.0f%% %s%n", protocol, atOnce, load * 100, comparison.line());

      assertThat(comparison.requests()).isEqualTo(CALLS);
      assertThat(comparison.foreign()).as(comparison.examples().toString()).isZero();
      assertThat((double) comparison.right() / comparison.compared())
          .as(comparison.examples().toString())
          .isGreaterThanOrEqualTo(LEAST_RIGHT);
      assertThat((double) comparison.discarded() / comparison.requests())
          .as(comparison.line())
          .isLessThanOrEqualTo(MOST_DISCARDED);
    }

    /** Makes calls and returns the load of the machine meanwhile, 1 being all processors busy. */
    private double call(int first, int calls, int workMillis) {
      long before = toldCalls();
      JsonNode figures =
          mesh.runJson(
              "oracle",
              protocol,
              "--first=" + first,
              "--calls=" + calls,
              "--at-once=" + atOnce,
              "--work=" + workMillis,
              "--seed=" + seed);
      try {
        await("every call is told")
            .atMost(Duration.ofSeconds(20))
            .pollInterval(Duration.ofMillis(500))
            .until(() -> toldCalls() >= before + calls);
      } catch (ConditionTimeoutException e) {
        // What is not told by now is discarded, with that reason.
        System.out.println(e.getMessage());
      }
      return figures.get("load").asDouble();
    }

    private String app() {
      return protocol + "-v1";
    }

    private long toldCalls() {
      long calls = 0;
      for (JsonNode edge : api.edges(WINDOW_SECONDS)) {
        if (edge.get("source").get("workload").asText().equals(CALLER)
            && edge.get("destination").get("workload").asText().equals(app())) {
          calls += edge.get("requests").asLong();
        }
      }
      return calls;
    }

    private OracleComparison compare(int first) {
      String firstId = requestId(first);
      String lastId = requestId(first + CALLS);
      Map<String, List<ObservedExchange>> served =
          exchanges(app()).collect(groupingBy(ObservedExchange::requestId));
      List<ObservedCall> observed =
          exchanges(CALLER)
              .filter(call -> call.requestId().compareTo(firstId) >= 0)
              .filter(call -> call.requestId().compareTo(lastId) < 0)
              .map(call -> new ObservedCall(call, served.getOrDefault(call.requestId(), List.of())))
              .toList();
      return new OracleComparison(observed, api.callsBetween(CALLER, app(), WINDOW_SECONDS));
    }

    /** In the order in which they ended, so a call's attempts at the app in theirs. */
    private Stream<ObservedExchange> exchanges(String workload) {
      return mesh.ownClockCalls(workload).stream().map(ObservedExchange::of);
    }

    /** As the caller makes it. */
    private String requestId(int number) {
      return "%08x-0000-4000-8000-%012x".formatted(seed, number);
    }
  }
}
