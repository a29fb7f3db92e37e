/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sidelight.hop.v1.Exchange;
import dev.sidelight.probe.export.CollectingController;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A probe on this node and a controller that keeps what it sends. */
final class ProbeRun implements AutoCloseable {
  static final Duration SOON = Duration.ofSeconds(20);

  final Probe probe;
  final CollectingController controller;

  /** With settings beside those that a test needs. */
  ProbeRun(Map<String, String> settings) throws IOException {
    controller = new CollectingController(0);
    Map<String, String> all = new HashMap<>();
    all.put("controller.hopPort", Integer.toString(controller.port()));
    // The pods' Envoys run as root here.
    all.put("pods.envoyUids", "");
    all.put("metrics.port", "0");
    all.put("probe.nodeName", "node-1");
    all.putAll(settings);
    probe = new Probe(ProbeSettings.of(SettingSources.of(all, Map.of(), null)));
    probe.start();
  }

  /** Requests until the probe tells of the pod: from then on it misses nothing there. */
  void awaitWatched(ProgramPod pod, String host) {
    await(pod.program + "'s pod is watched")
        .atMost(SOON)
        .pollInterval(Duration.ofMillis(100))
        .until(
            () -> {
              pod.awaitStatus(host);
              return in(pod.netns()).stream().anyMatch(Exchange::hasAcceptor);
            });
  }

  /** All of a namespace. */
  List<Exchange> in(int netns) {
    return controller.exchanges().filter(exchange -> exchange.getNetns() == netns).toList();
  }

  /** Those of the hop to a port, whose initiator was seen. */
  List<Exchange> hops(int netns, int port) {
    return in(netns).stream()
        .filter(exchange -> exchange.hasInitiator())
        .filter(exchange -> exchange.getInitiator().getRemotePort() == port)
        .toList();
  }

  @Override
  public void close() {
    probe.close();
    controller.close();
    assertThat(probe.accounting().isBalanced()).isTrue();
  }
}
