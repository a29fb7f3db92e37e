/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.bookinfo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Details serves TLS by OpenSSL behind its sidecar: told as if it were plain. */
@ExtendWith(LocalMesh.class)
@MeshVariant("--details-tls")
class DetailsTlsIT {

  private static final String EDGE = "productpage-v1->details-v1";
  private static final String PLAIN_EDGE = "productpage-v1->reviews-v1";
  private static final int REQUESTS_PER_SECOND = 50;
  private static final int SECONDS = 12;
  private static final long DELAY_NANOS = 20_000_000;
  private static final long DELAY_TOLERANCE_NANOS = 5_000_000;

  private static List<Call> calls;

  @BeforeAll
  static void drive(LocalMesh mesh, SidelightApi api) {
    mesh.run("traffic", "20", "5"); // connections and programs are warm
    calls = traffic(mesh, api, REQUESTS_PER_SECOND, SECONDS);
  }

  @AfterEach
  void clear(LocalMesh mesh) {
    mesh.run("fault", "clear");
  }

  private static List<Call> traffic(LocalMesh mesh, SidelightApi api, int perSecond, int seconds) {
    long beginEpochMillis = System.currentTimeMillis();
    mesh.run("traffic", String.valueOf(perSecond), String.valueOf(seconds));
    await("every call to details is told")
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(500))
        .until(() -> of(EDGE, api, beginEpochMillis).size() >= perSecond * seconds);
    await("nothing is pending")
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(500))
        .until(
            () -> api.controllerMetric("sidelight_correlator_pending\\{type=\"entry\".*\\}") == 0);
    return api.calls(120).stream()
        .filter(call -> call.startEpochMillis() >= beginEpochMillis)
        .toList();
  }

  private static List<Call> of(String edge, SidelightApi api, long beginEpochMillis) {
    return api.calls(120).stream()
        .filter(call -> call.startEpochMillis() >= beginEpochMillis && call.edge().equals(edge))
        .toList();
  }

  private static List<Call> of(String edge, List<Call> among) {
    return among.stream().filter(call -> call.edge().equals(edge)).toList();
  }

  @Test
  void callsToTheTlsApp_areFullInNinetyNineOfAHundred() {
    List<Call> details = of(EDGE, calls);
    Map<String, Long> reasons =
        details.stream().collect(Collectors.groupingBy(Call::reason, Collectors.counting()));
    System.out.println("coverage of " + EDGE + " over TLS " + reasons);
    assertThat(details).hasSizeGreaterThanOrEqualTo(REQUESTS_PER_SECOND * SECONDS);
    long full = details.stream().filter(Call::isFull).count();
    assertThat((double) full / details.size()).isGreaterThanOrEqualTo(0.99);
  }

  @Test
  void fullCall_hasThePlainOnesComponentsAndItsRequestId() {
    List<Call> full = of(EDGE, calls).stream().filter(Call::isFull).toList();
    Call plain = of(PLAIN_EDGE, calls).stream().filter(Call::isFull).findFirst().orElseThrow();
    assertThat(full).isNotEmpty();
    for (Call call : full) {
      assertThat(call.components().keySet()).isEqualTo(plain.components().keySet());
      assertThat(call.components().values().stream().mapToLong(Long::longValue).sum())
          .isEqualTo(call.totalNanos());
      assertThat(call.end("destinationApp").get("requestId").asText()).isEqualTo(call.requestId());
      assertThat(call.end("sourceApp").get("requestId").asText()).isEqualTo(call.requestId());
    }
  }

  @Test
  void sleepOfTheTlsApp_isTheApplications(LocalMesh mesh, SidelightApi api) {
    mesh.run("fault", "app-sleep", "details-v1", "20");
    assertThatDelayIs("application", traffic(mesh, api, 20, 3));
  }

  @Test
  void requestLeftInTheTlsAppsSocket_isItsQueue(LocalMesh mesh, SidelightApi api) {
    mesh.run("fault", "app-queue", "details-v1", "20");
    assertThatDelayIs("application_queue", traffic(mesh, api, 20, 3));
  }

  @Test
  void halfABodyOfTheTlsApp_isTheTransfer(LocalMesh mesh, SidelightApi api) {
    mesh.run("fault", "slow-body", "details-v1", "20");
    assertThatDelayIs("response_transfer", traffic(mesh, api, 20, 3));
  }

  private static void assertThatDelayIs(String component, List<Call> delayed) {
    List<Long> moved =
        of(EDGE, delayed).stream()
            .filter(Call::isFull)
            .map(call -> call.components().getOrDefault(component, 0L))
            .sorted()
            .toList();
    assertThat(moved).isNotEmpty();
    assertThat(moved.get(moved.size() / 2))
        .as("median of %s, ns", component)
        .isBetween(DELAY_NANOS, DELAY_NANOS + DELAY_TOLERANCE_NANOS);
  }
}
