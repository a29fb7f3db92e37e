/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sidelight.hop.v1.Exchange;
import dev.sidelight.hop.v1.HopBatch;
import dev.sidelight.probe.export.CollectingController;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Two pods, a probe that watches them, and a controller that keeps what it sends. */
final class Capture implements AutoCloseable {
  static final Duration SOON = Duration.ofSeconds(15);

  final TestPod pod;
  final Probe probe;
  private final CollectingController controller;

  Capture() throws IOException {
    controller = new CollectingController(0);
    // The pods are there before the probe: their listeners are older than the watch.
    pod = new TestPod();
    Map<String, String> settings =
        Map.of(
            "controller.hopPort", Integer.toString(controller.port()),
            "metrics.port", "0",
            // The pods' Envoys run as root here.
            "pods.envoyUids", "",
            "probe.nodeName", "node-1");
    probe = new Probe(ProbeSettings.of(SettingSources.of(settings, Map.of(), null)));
    probe.start();
    await().atMost(SOON).until(() -> probe.podCount() >= 2);
  }

  List<HopBatch> batches() {
    return controller.batches();
  }

  /** All that was seen in the application's pod. */
  List<Exchange> inPod() {
    return in(pod.netns());
  }

  /** All that was seen in the client's pod. */
  List<Exchange> inCallersPod() {
    return in(pod.callerNetns());
  }

  /** Those of the application's hop with this path. */
  List<Exchange> hops(String template) {
    return inPod().stream()
        .filter(exchange -> exchange.getInitiator().getPathTemplate().equals(template))
        .toList();
  }

  @Override
  public void close() {
    pod.close();
    probe.close();
    controller.close();
    assertThat(probe.accounting().isBalanced()).isTrue();
  }

  private List<Exchange> in(int netns) {
    return controller.exchanges().filter(exchange -> exchange.getNetns() == netns).toList();
  }
}
