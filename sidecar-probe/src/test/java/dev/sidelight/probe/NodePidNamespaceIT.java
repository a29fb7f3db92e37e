/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sidelight.hop.v1.Exchange;
import dev.sidelight.hop.v1.HopControl;
import dev.sidelight.hop.v1.Pod;
import dev.sidelight.hop.v1.PodInventory;
import dev.sidelight.hop.v1.PodTask;
import dev.sidelight.hop.v1.ProfiledConnection;
import dev.sidelight.hop.v1.ProfiledProcess;
import dev.sidelight.probe.export.CollectingController;
import java.io.IOException;
import java.util.List;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Nodes that are containers, two on one kernel, each with a probe: a probe tells of its own node's
 * pods, by the process ids that its node has for them. Needs root.
 */
class NodePidNamespaceIT {
  private static final int SIDECAR_PORT = 15006;
  private static final int APP_PORT = 9001;
  private static final int REQUESTS = 5;

  /** As a DaemonSet's probe has them. */
  private static final String CAPABILITIES =
      "set -- setpriv --inh-caps=-all --no-new-privs"
          + " --bounding-set=-all,+bpf,+perfmon,+sys_ptrace \"$@\"; ";

  /** A node with a pod and a probe. */
  private static final class Run implements AutoCloseable {
    final TestNode node = new TestNode();
    final ProbedPod pod = new ProbedPod(node);
    final CollectingController controller;
    final ProbeProcess probe;

    Run() throws IOException {
      controller = new CollectingController(0);
      pod.server("app", ProbedPod.APP_UID, APP_PORT, "threads", 1);
      pod.sidecar(SIDECAR_PORT + ":" + APP_PORT);
      probe =
          ProbeProcess.start(
              CAPABILITIES + node.wrapper(),
              "--controller.hopPort=" + controller.port(),
              "--transport.reportMillis=500");
    }

    List<Integer> told() {
      List<PodInventory> inventories = controller.inventories();
      return inventories.isEmpty()
          ? List.of()
          : inventories.get(inventories.size() - 1).getPodsList().stream()
              .map(Pod::getNetns)
              .toList();
    }

    List<Exchange> between(String initiator, String acceptor) {
      return controller
          .exchanges()
          .filter(hop -> hop.getInitiator().getProcess().equals(initiator))
          .filter(hop -> hop.getAcceptor().getProcess().equals(acceptor))
          .toList();
    }

    void profile() {
      controller.send(
          HopControl.newBuilder()
              .setTask(
                  PodTask.newBuilder()
                      .setTaskId("t1")
                      .setNetns(pod.netns())
                      .setDurationSeconds(60)
                      .setIntervalMillis(200))
              .build());
    }

    List<ProfiledProcess> processes() {
      return controller.reports().stream()
          .flatMap(report -> report.getProcessesList().stream())
          .toList();
    }

    List<ProfiledConnection> connections() {
      return controller.reports().stream()
          .flatMap(report -> report.getConnectionsList().stream())
          .toList();
    }

    @Override
    public void close() {
      probe.close();
      pod.close();
      node.close();
      controller.close();
    }
  }

  private Run one;
  private Run two;

  @BeforeEach
  void begin() throws IOException {
    one = new Run();
    two = new Run();
  }

  @AfterEach
  void end() {
    one.close();
    two.close();
  }

  @Test
  void eachProbe_tellsOfItsOwnNodesPodsByTheNodesProcessIds() {
    for (Run run : List.of(one, two)) {
      soon(() -> assertThat(run.told()).containsExactly(run.pod.netns()));
      run.pod.ask("caller", SIDECAR_PORT, REQUESTS, "/own");
      soon(
          () -> {
            assertThat(run.between("caller", "envoy")).hasSize(REQUESTS);
            assertThat(run.between("envoy", "app")).hasSize(REQUESTS);
          });
      soon(
          () ->
              assertThat(run.probe.metrics())
                  .containsPattern(
                      "sidelight_tcp_connect_total\\{process=\"caller\",.*peer=\"envoy\""));
    }
    for (Run run : List.of(one, two)) {
      assertThat(run.controller.exchanges())
          .isNotEmpty()
          .allMatch(hop -> hop.getNetns() == run.pod.netns());
    }
  }

  @Test
  void profile_namesProcessesAsTheNodeDoes() {
    int app = one.node.processId(one.pod.executable("app"));
    soon(() -> assertThat(one.told()).isNotEmpty());
    one.profile();
    Process client = one.pod.keepAsking("caller", SIDECAR_PORT, "/profiled");
    soon(
        () ->
            assertThat(one.processes())
                .anyMatch(
                    process ->
                        process.getName().equals("app")
                            && process.getPid() == app
                            && process.getListeningPortsList().equals(List.of(APP_PORT))));
    soon(
        () ->
            assertThat(one.connections())
                .anyMatch(
                    end ->
                        end.getProcess().equals("app")
                            && end.getPid() == app
                            && end.getPeer().equals("envoy")));
    assertThat(ProbedPod.answersOf(client)).isPositive();
  }

  private static void soon(ThrowingRunnable assertion) {
    await().atMost(Capture.SOON).untilAsserted(assertion);
  }
}
