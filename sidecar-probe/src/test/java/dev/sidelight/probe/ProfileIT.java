/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sidelight.hop.v1.HopControl;
import dev.sidelight.hop.v1.Pod;
import dev.sidelight.hop.v1.PodInventory;
import dev.sidelight.hop.v1.PodTask;
import dev.sidelight.hop.v1.ProfileReport;
import dev.sidelight.hop.v1.ProfileState;
import dev.sidelight.hop.v1.ProfiledConnection;
import dev.sidelight.hop.v1.ProfiledProcess;
import dev.sidelight.probe.export.CollectingController;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What a task for a pod tells of its connections and processes, by the kernel, against what real
 * programs say that they did. Needs root.
 */
class ProfileIT {
  private static final Duration SOON = Duration.ofSeconds(20);

  private TransportPod pod;
  private CollectingController controller;
  private Probe probe;

  @BeforeEach
  void start() throws IOException {
    pod = new TransportPod();
    controller = new CollectingController(0);
    Map<String, String> settings = new HashMap<>(pod.settings());
    settings.put("controller.hopPort", Integer.toString(controller.port()));
    // So long that a task alone has connections looked at.
    settings.put("transport.reportMillis", "60000");
    settings.put("profile.maxTasks", "1");
    probe = new Probe(ProbeSettings.of(SettingSources.of(settings, Map.of(), null)));
    probe.start();
    pod.appear();
    await().atMost(SOON).until(() -> inventory().getPodsCount() == 1);
  }

  @AfterEach
  void stop() {
    probe.close();
    controller.close();
    pod.close();
  }

  @Test
  void connectionsGrowth_addsUpToWhatTheProgramsDid() {
    Endpoint server = pod.inPod("profserver", "serve", "127.0.0.1", "9101", "rounds=50");
    Endpoint client =
        pod.inPod("profclient", "call", "127.0.0.1", "9101", "rounds=50", "gated=1", "closer=call");
    begin("t1", 60);
    awaitReports("t1", 1);
    assertThat(controller.reports().get(0))
        .matches(report -> report.getIntervalNanos() == 0)
        .matches(report -> report.getState() == ProfileState.RUNNING);
    soon(
        () -> {
          assertThat(processes("profserver"))
              .anyMatch(process -> process.getListeningPortsList().equals(List.of(9101)));
          assertThat(processes("profclient"))
              .isNotEmpty()
              .allMatch(process -> process.getListeningPortsCount() == 0);
        });
    client.go();
    JsonNode asked = client.done();
    JsonNode answered = server.done();
    soon(
        () -> {
          assertThat(of("profclient")).anyMatch(end -> end.getCloser().equals("local"));
          assertThat(of("profserver")).anyMatch(end -> end.getCloser().equals("remote"));
        });
    assertThatGrowthIs("profclient", asked);
    assertThatGrowthIs("profserver", answered);
    long clients = of("profclient").get(0).getSocketCookie();
    long servers = of("profserver").get(0).getSocketCookie();
    // Until its owner has read from it or written to it, an end is not known.
    assertThat(of("profclient"))
        .filteredOn(end -> end.getReads().getCalls() > 0)
        .allMatch(end -> end.getSocketCookie() == clients && end.getPeerCookie() == servers)
        .allMatch(end -> end.getPeer().equals("profserver"))
        .allMatch(end -> end.getPid() != 0 && end.getLocalAddress().size() == 4);
    assertThat(of("profserver")).allMatch(end -> end.getPeerCookie() == clients);
    assertThat(of("profclient"))
        .as("older than the task")
        .allMatch(end -> end.getConnectNanos() == 0);
  }

  @Test
  void connectionThatComesAndGoes_isToldWithItsTimes() {
    begin("t1", 60);
    awaitReports("t1", 1);
    Endpoint server = pod.inPod("briefserver", "serve", "127.0.0.1", "9102", "linger=0.3");
    pod.inPod("briefclient", "call", "127.0.0.1", "9102", "closer=call").done();
    server.done();
    soon(
        () -> {
          assertThat(sum("briefclient", ProfiledConnection::getConnectNanos))
              .isBetween(1L, 1_000_000_000L);
          assertThat(sum("briefserver", ProfiledConnection::getAcceptNanos))
              .isBetween(1L, 1_000_000_000L);
          assertThat(sum("briefclient", ProfiledConnection::getCloseNanos))
              .isBetween(300_000_000L, 2_000_000_000L);
        });
    assertThat(of("briefclient")).filteredOn(end -> end.getConnectNanos() != 0).hasSize(1);
    assertThat(of("briefclient")).filteredOn(end -> !end.getCloser().isEmpty()).hasSize(1);
    assertThat(of("briefserver")).allMatch(end -> end.getPeer().equals("briefclient"));
  }

  @Test
  void task_goesOnWithoutItsControllerAndEndsByItsTime() throws IOException {
    begin("t1", 4);
    awaitReports("t1", 2);
    int port = controller.port();
    controller.close();
    await()
        .atMost(SOON)
        .until(
            () ->
                profiles("sidelight_probe_profile_tasks_total{outcome=\"ended\",reason=\"time\"")
                    == 1);
    long before = controller.reports().get(controller.reports().size() - 1).getSequence();
    controller =
        await()
            .atMost(SOON)
            .ignoreExceptions()
            .until(() -> new CollectingController(port), listening -> true);
    await().atMost(SOON).until(() -> controller.reports().stream().anyMatch(ProfileIT::isEnded));
    assertThat(controller.inventories().get(0).getPodsCount()).isEqualTo(1);
    List<ProfileReport> late = controller.reports();
    assertThat(late.get(late.size() - 1).getReason()).isEqualTo("time");
    assertThat(late.get(0).getSequence()).isGreaterThan(before);
    begin("t1", 4);
    await()
        .atMost(SOON)
        .until(() -> controller.reports().stream().filter(ProfileIT::isEnded).count() == 2);
  }

  @Test
  void ceilingAskedEndAndGonePod_areAnswered() {
    begin("t1", 60);
    awaitReports("t1", 2);
    begin("t2", 60);
    soon(() -> assertThat(last("t2").getReason()).isEqualTo("too_many_tasks"));
    controller.send(HopControl.newBuilder().setEndTaskId("t1").build());
    soon(() -> assertThat(last("t1").getReason()).isEqualTo("asked"));
    begin("t3", 60);
    awaitReports("t3", 2);
    pod.disappear();
    soon(() -> assertThat(last("t3").getReason()).isEqualTo("pod_gone"));
    soon(() -> assertThat(inventory().getPodsCount()).isZero());
  }

  private void assertThatGrowthIs(String process, JsonNode done) {
    assertThat(sum(process, end -> end.getWrites().getCalls()))
        .isEqualTo(done.get("writes").asLong());
    assertThat(sum(process, end -> end.getWrites().getBytes()))
        .isEqualTo(done.get("written").asLong());
    assertThat(sum(process, end -> end.getReads().getCalls()))
        .isEqualTo(done.get("reads").asLong());
    assertThat(sum(process, end -> end.getReads().getBytes())).isEqualTo(done.get("read").asLong());
    assertThat(sum(process, end -> total(end.getRoundTrips().getCountsList())))
        .isEqualTo(done.get("writes").asLong());
  }

  private static long total(List<Long> counts) {
    return counts.stream().mapToLong(Long::longValue).sum();
  }

  private long sum(String process, ToLongFunction<ProfiledConnection> figure) {
    return of(process).stream().mapToLong(figure).sum();
  }

  private List<ProfiledConnection> of(String process) {
    return controller.reports().stream()
        .flatMap(report -> report.getConnectionsList().stream())
        .filter(end -> end.getProcess().equals(process))
        .toList();
  }

  private List<ProfiledProcess> processes(String name) {
    return controller.reports().stream()
        .flatMap(report -> report.getProcessesList().stream())
        .filter(process -> process.getName().equals(name))
        .toList();
  }

  private PodInventory inventory() {
    List<PodInventory> told = controller.inventories();
    return told.isEmpty() ? PodInventory.getDefaultInstance() : told.get(told.size() - 1);
  }

  private void begin(String id, int seconds) {
    List<Pod> pods = inventory().getPodsList();
    controller.send(
        HopControl.newBuilder()
            .setTask(
                PodTask.newBuilder()
                    .setTaskId(id)
                    .setNetns(pods.get(0).getNetns())
                    .setDurationSeconds(seconds)
                    .setIntervalMillis(200))
            .build());
  }

  private void awaitReports(String id, long count) {
    await()
        .atMost(SOON)
        .until(
            () ->
                controller.reports().stream()
                        .filter(report -> report.getTaskId().equals(id))
                        .count()
                    >= count);
  }

  private ProfileReport last(String id) {
    return controller.reports().stream()
        .filter(report -> report.getTaskId().equals(id))
        .reduce((first, second) -> second)
        .orElseThrow();
  }

  private double profiles(String sample) {
    return Scrape.of(probe)
        .text()
        .lines()
        .filter(line -> line.startsWith(sample))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  private static boolean isEnded(ProfileReport report) {
    return report.getState() == ProfileState.ENDED;
  }

  private static void soon(ThrowingRunnable assertion) {
    await().atMost(SOON).untilAsserted(assertion);
  }
}
