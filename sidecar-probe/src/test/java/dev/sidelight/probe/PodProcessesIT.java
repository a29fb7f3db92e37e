/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sidelight.hop.v1.Exchange;
import dev.sidelight.probe.export.CollectingController;
import dev.sidelight.probe.pod.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose each end is, and which pods are watched: the real kernel and real processes, as root. */
class PodProcessesIT {
  private static final int SIDECAR_PORT = 15006;
  private static final int APP_PORT = 9001;
  private static final Duration A_SECOND = Duration.ofSeconds(1);

  @TempDir private Path directory;
  private CollectingController controller;
  private Probe probe;
  private ProbedPod pod;

  @BeforeEach
  void begin() throws IOException {
    controller = new CollectingController(0);
    pod = new ProbedPod();
  }

  @AfterEach
  void end() {
    if (probe != null) {
      probe.close();
    }
    pod.close();
    controller.close();
  }

  @Test
  void severalAppsOfAPod_areEachNamedAtTheirEnd() {
    String[] modes = {"prefork", "reuseport", "threads"};
    String[] routes = new String[modes.length];
    for (int i = 0; i < modes.length; i++) {
      pod.server("app-" + modes[i], ProbedPod.APP_UID, APP_PORT + i, modes[i], 3);
      routes[i] = (SIDECAR_PORT + i) + ":" + (APP_PORT + i);
    }
    pod.sidecar(routes);
    probe();
    awaitWatched();
    for (int i = 0; i < modes.length; i++) {
      int count = modes[i].equals("threads") ? 1 : 2;
      // The kernel chooses the worker: many requests meet more than one.
      List<String> answered = pod.ask("caller", SIDECAR_PORT + i, 40, "/" + modes[i]);
      assertThat(new HashSet<>(answered)).as(modes[i]).hasSizeGreaterThanOrEqualTo(count);
      assertThatEnds("/" + modes[i], 40, "envoy", "app-" + modes[i]);
      assertThatEnds("/" + modes[i], 40, "caller", "envoy");
    }
  }

  @Test
  void connectionBetweenTwoApps_isNamedWithoutTheSidecar() {
    pod.server("backend", ProbedPod.APP_UID, APP_PORT, "threads", 1);
    pod.sidecar(SIDECAR_PORT + ":" + APP_PORT);
    probe();
    awaitWatched();
    pod.ask("frontend", APP_PORT, 5, "/direct");
    assertThatEnds("/direct", 5, "frontend", "backend");
  }

  @Test
  void socketsOlderThanTheProbe_haveTheirRolesAndNames() {
    pod.server("app", ProbedPod.APP_UID, APP_PORT, "threads", 1);
    pod.sidecar(SIDECAR_PORT + ":" + APP_PORT);
    Process client = pod.keepAsking("caller", SIDECAR_PORT, "/old");
    probe();
    awaitWatched();
    await()
        .atMost(Capture.SOON)
        .untilAsserted(
            () ->
                assertThat(paired("/old"))
                    .anyMatch(hop -> isBetween(hop, "caller", "envoy"))
                    .anyMatch(hop -> isBetween(hop, "envoy", "app")));
    assertThat(ProbedPod.answersOf(client)).isPositive();
    assertThat(paired("/old"))
        .allMatch(hop -> isBetween(hop, "caller", "envoy") || isBetween(hop, "envoy", "app"));
  }

  @Test
  void applicationCalledEnvoy_makesItsNamespaceNoPod() {
    pod.server("envoy", ProbedPod.APP_UID, APP_PORT, "threads", 1);
    probe();
    pod.ask("caller", APP_PORT, 5, "/unwatched");
    // Another pod's appearance shows that scans have gone by.
    try (ProbedPod other = new ProbedPod()) {
      other.sidecar(SIDECAR_PORT + ":" + APP_PORT);
      await().atMost(Capture.SOON).until(() -> probe.isWatching(other.netns()));
    }
    assertThat(probe.isWatching(pod.netns())).isFalse();
    assertThat(controller.exchanges()).noneMatch(hop -> hop.getNetns() == pod.netns());
  }

  @Test
  void podThatComesAndGoes_isWatchedMeanwhileWithinASecond() {
    probe();
    pod.server("app", ProbedPod.APP_UID, APP_PORT, "threads", 1);
    Process sidecar = pod.sidecar(SIDECAR_PORT + ":" + APP_PORT);
    await().atMost(Capture.SOON).until(() -> isEnvoy(sidecar));
    await().atMost(A_SECOND).until(() -> probe.isWatching(pod.netns()));
    pod.ask("caller", SIDECAR_PORT, 5, "/here");
    assertThatEnds("/here", 5, "envoy", "app");
    ProbedPod.end(sidecar);
    await().atMost(A_SECOND).until(() -> !probe.isWatching(pod.netns()));
    pod.ask("caller", APP_PORT, 5, "/gone");
    pod.sidecar(SIDECAR_PORT + ":" + APP_PORT);
    awaitWatched();
    pod.ask("caller", APP_PORT, 5, "/again");
    assertThatEnds("/again", 5, "caller", "app");
    assertThat(of("/gone")).isEmpty();
  }

  @Test
  void fileRegistry_namesThePod() throws IOException {
    Path file = directory.resolve("pods.json");
    pod.sidecar(SIDECAR_PORT + ":" + APP_PORT);
    probe("pods.registry", "file:" + file);
    awaitWatched();
    assertThat(probe.directory().workload(pod.netns())).isEmpty();
    Files.writeString(
        file,
        """
        [{"netns": %d, "namespace": "shop", "name": "cart-1", "workload": "cart", "app": "cart",
          "version": "v2"}]
        """
            .formatted(Integer.toUnsignedLong(pod.netns())));
    await()
        .atMost(A_SECOND)
        .untilAsserted(
            () ->
                assertThat(probe.directory().workload(pod.netns()))
                    .contains(new Workload("shop", "cart", "cart-1", "cart", "v2")));
  }

  private void probe(String... more) {
    Map<String, String> settings =
        new java.util.HashMap<>(
            Map.of(
                "controller.hopPort", Integer.toString(controller.port()),
                "metrics.port", "0",
                "probe.nodeName", "node-1"));
    IntStream.range(0, more.length / 2).forEach(i -> settings.put(more[2 * i], more[2 * i + 1]));
    probe = new Probe(ProbeSettings.of(SettingSources.of(settings, Map.of(), null)));
    probe.start();
  }

  private void awaitWatched() {
    await().atMost(Capture.SOON).until(() -> probe.isWatching(pod.netns()));
  }

  private void assertThatEnds(String path, int count, String initiator, String acceptor) {
    await()
        .atMost(Capture.SOON)
        .untilAsserted(
            () ->
                assertThat(paired(path))
                    .filteredOn(hop -> isBetween(hop, initiator, acceptor))
                    .hasSize(count));
  }

  private static boolean isBetween(Exchange hop, String initiator, String acceptor) {
    return hop.getInitiator().getProcess().equals(initiator)
        && hop.getAcceptor().getProcess().equals(acceptor);
  }

  private List<Exchange> paired(String path) {
    return of(path).stream().filter(hop -> hop.hasInitiator() && hop.hasAcceptor()).toList();
  }

  private List<Exchange> of(String path) {
    return controller
        .exchanges()
        .filter(hop -> hop.getNetns() == pod.netns())
        .filter(
            hop ->
                hop.getInitiator().getPathTemplate().equals(path)
                    || hop.getAcceptor().getPathTemplate().equals(path))
        .toList();
  }

  private static boolean isEnvoy(Process process) throws IOException {
    return Files.readSymbolicLink(Path.of("/proc", Long.toString(process.pid()), "exe"))
        .endsWith("envoy");
  }
}
