/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.bookinfo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A known delay in a known place moves its own component by that much, and no other. Fault and
 * baseline alternate in blocks of a second, so that what else happens on the machine meets both
 * alike.
 */
@ExtendWith(LocalMesh.class)
class AttributionIT {

  private static final int DELAY_MILLIS = 20;
  private static final int BLOCKS = 14;
  private static final int REQUESTS_PER_SECOND = 40;
  private static final double RIGHT_TOLERANCE_MILLIS = 2;
  private static final double WRONG_TOLERANCE_MILLIS = 1;

  @AfterEach
  void clear(LocalMesh mesh) {
    mesh.run("fault", "clear");
  }

  @ParameterizedTest
  @CsvSource({
    "app-sleep, details-v1, productpage-v1->details-v1, application",
    "sidecar-delay-inbound, details-v1, productpage-v1->details-v1, destination_sidecar",
    "app-queue, details-v1, productpage-v1->details-v1, application_queue",
    "slow-body, details-v1, productpage-v1->details-v1, response_transfer",
    "network, details-v1, productpage-v1->details-v1, network",
    "slow-upload, productpage-v1, productpage-v1->details-v1, request_transfer",
    "late-read, productpage-v1, productpage-v1->details-v1, source_application_read",
    "sidecar-delay-outbound, productpage-v1, productpage-v1->details-v1, source_sidecar",
  })
  void delay_isFoundInItsComponentAndNowhereElse(
      String kind, String workload, String edge, String component, LocalMesh mesh, SidelightApi api)
      throws Exception {
    Blocks blocks = alternate(kind, workload, mesh);
    await("the last block's calls are told")
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(500))
        .until(() -> api.calls(10).stream().anyMatch(call -> blocks.isAfterAll(call)));

    Map<String, List<Long>> with = new TreeMap<>();
    Map<String, List<Long>> without = new TreeMap<>();
    for (Call call : api.calls(120)) {
      if (call.edge().equals(edge) && call.isFull()) {
        Map<String, List<Long>> side = blocks.isFault(call) ? with : without;
        if (blocks.isFault(call) || blocks.isBaseline(call)) {
          call.components()
              .forEach(
                  (name, nanos) -> side.computeIfAbsent(name, n -> new ArrayList<>()).add(nanos));
        }
      }
    }

    Map<String, Double> rises = new TreeMap<>();
    without.forEach(
        (name, nanos) -> rises.put(name, medianMillis(with.get(name)) - medianMillis(nanos)));
    System.out.printf(
        "%s %s: n=%d/%d rise in ms %s%n",
        kind, workload, with.get(component).size(), without.get(component).size(), rises);
    assertThat(with.get(component)).hasSizeGreaterThanOrEqualTo(40);
    assertThat(without.get(component)).hasSizeGreaterThanOrEqualTo(40);
    rises.forEach(
        (name, millis) -> {
          if (name.equals(component)) {
            assertThat(Math.abs(millis - DELAY_MILLIS))
                .as("%s %s", name, rises)
                .isLessThanOrEqualTo(RIGHT_TOLERANCE_MILLIS);
          } else {
            assertThat(millis).as("%s %s", name, rises).isLessThanOrEqualTo(WRONG_TOLERANCE_MILLIS);
          }
        });
  }

  private static Blocks alternate(String kind, String workload, LocalMesh mesh) throws Exception {
    Process traffic =
        mesh.start("traffic", String.valueOf(REQUESTS_PER_SECOND), String.valueOf(2 * BLOCKS));
    Blocks blocks = new Blocks();
    for (int i = 0; i < BLOCKS; i++) {
      boolean fault = i % 2 == 0;
      if (fault) {
        mesh.run("fault", kind, workload, String.valueOf(DELAY_MILLIS));
      } else {
        mesh.run("fault", "clear");
      }
      long fromEpochMillis = System.currentTimeMillis();
      Thread.sleep(
          1_000); // the block's length: what is measured, not a condition that is waited for
      blocks.add(fault, fromEpochMillis, System.currentTimeMillis());
    }
    mesh.run("fault", "clear");
    blocks.end();
    traffic.getInputStream().transferTo(System.out);
    assertThat(traffic.waitFor()).as("every request of the traffic was served").isZero();
    return blocks;
  }

  private static double medianMillis(List<Long> nanos) {
    List<Long> sorted = nanos.stream().sorted().toList();
    return sorted.get(sorted.size() / 2) / 1e6;
  }

  /** When the fault was on and when it was off; what lies near a switch belongs to neither. */
  private static final class Blocks {

    private static final long MARGIN_MILLIS = 60;

    private final List<long[]> fault = new ArrayList<>();
    private final List<long[]> baseline = new ArrayList<>();
    private long endEpochMillis = Long.MAX_VALUE;

    void add(boolean isFault, long fromEpochMillis, long toEpochMillis) {
      (isFault ? fault : baseline).add(new long[] {fromEpochMillis, toEpochMillis});
    }

    void end() {
      endEpochMillis = System.currentTimeMillis();
    }

    boolean isFault(Call call) {
      return lies(call, fault);
    }

    boolean isBaseline(Call call) {
      return lies(call, baseline);
    }

    boolean isAfterAll(Call call) {
      return call.startEpochMillis() > endEpochMillis;
    }

    private static boolean lies(Call call, List<long[]> blocks) {
      return blocks.stream()
          .anyMatch(
              block ->
                  call.startEpochMillis() >= block[0] + MARGIN_MILLIS
                      && call.endEpochMillis() <= block[1]);
    }
  }
}
