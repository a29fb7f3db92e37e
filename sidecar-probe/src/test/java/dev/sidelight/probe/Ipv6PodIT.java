/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sidelight.hop.v1.Exchange;
import dev.sidelight.probe.HttpLoad.Told;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A pod that has IPv6 only: root is needed. */
class Ipv6PodIT {
  private static final int REQUESTS = 100;
  private static final int IPV6_LENGTH = 16;

  @Test
  void podWithoutIpv4_isToldAsAnyOther() throws IOException {
    try (ProgramPod pod = ProgramPod.overIpv6(Program.PYTHON);
        ProbeRun run = new ProbeRun(Map.of())) {
      pod.awaitStatus("six");
      run.awaitWatched(pod, "six");
      Map<String, Told> sent = pod.load("six").mixed("six", 4, REQUESTS);
      await().atMost(ProbeRun.SOON).until(() -> hops(run, pod).size() == REQUESTS);
      List<Exchange> hops = hops(run, pod);
      assertThat(hops)
          .allMatch(Exchange::hasAcceptor, "paired")
          .allMatch(hop -> hop.getAcceptor().getLocalAddress().size() == IPV6_LENGTH)
          .allMatch(
              hop ->
                  hop.getInitiator().getRemoteAddress().equals(hop.getAcceptor().getLocalAddress()))
          .allMatch(
              hop ->
                  sent.get(hop.getInitiator().getRequestId()).status()
                      == hop.getAcceptor().getStatus());
      assertThat(run.controller.batches())
          .flatExtracting(batch -> batch.getPodsList())
          .filteredOn(told -> told.getNetns() == pod.netns())
          .allMatch(told -> told.getAddressesList().contains("fd99:8:0:0:0:0:0:1"));
    }
  }

  private static List<Exchange> hops(ProbeRun run, ProgramPod pod) {
    return run.hops(pod.netns(), Program.PLAIN_PORT).stream()
        .filter(hop -> hop.getInitiator().getRequestId().startsWith("six-"))
        .toList();
  }
}
