/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sidelight.hop.v1.Exchange;
import dev.sidelight.hop.v1.ExchangeEnd;
import dev.sidelight.hop.v1.Role;
import dev.sidelight.probe.event.WireRecord;
import dev.sidelight.probe.export.CollectingController;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The real kernel, a real Envoy, a Python application and client; root is needed. */
class HopCaptureIT {
  private static final int REQUESTS = 3000;
  private static final int PER_SECOND = 300;
  private static final Duration SOON = Duration.ofSeconds(10);

  private static CollectingController controller;
  private static Probe probe;
  private static TestPod pod;

  @BeforeAll
  static void begin() throws IOException {
    controller = new CollectingController(0);
    // The pod is there before the probe: its listeners are older than the watch.
    pod = new TestPod();
    probe =
        new Probe(
            ProbeSettings.of(
                SettingSources.of(
                    Map.of(
                        "controller.hopPort", Integer.toString(controller.port()),
                        "metrics.port", "0",
                        "probe.nodeName", "node-1"),
                    Map.of(),
                    null)));
    probe.start();
    await().atMost(SOON).until(() -> probe.podCount() > 0);
  }

  @AfterAll
  static void end() {
    pod.close();
    probe.close();
    controller.close();
    assertThat(probe.accounting().isBalanced()).isTrue();
  }

  @Test
  void exchanges_arePairedWithTheirRequestIds() {
    pod.request(8, REQUESTS, PER_SECOND, "/load");
    await().atMost(SOON).until(() -> hops("/load").size() >= REQUESTS);
    List<Exchange> hops = hops("/load");
    assertThat(hops).hasSize(REQUESTS);
    List<Exchange> paired = hops.stream().filter(Exchange::hasAcceptor).toList();
    System.out.println("RESULT paired " + paired.size() + " of " + hops.size());
    assertThat(paired.size()).isGreaterThanOrEqualTo(REQUESTS * 999 / 1000);
    assertThat(ids(hops)).hasSize(REQUESTS).contains("load-0", "load-" + (REQUESTS - 1));
    assertThat(paired).allSatisfy(HopCaptureIT::assertThatTimesAreOrdered);
    assertThat(paired)
        .allMatch(hop -> hop.getAcceptor().getStatus() == 200)
        .allMatch(hop -> hop.getInitiator().getProcess().equals("envoy"))
        .allMatch(hop -> hop.getAcceptor().getProcess().startsWith("python"));
  }

  @Test
  void linkEnds_leaveSingly() {
    pod.request(2, 50, PER_SECOND, "/link");
    await().atMost(SOON).until(() -> hops("/link").size() >= 50);
    List<Exchange> links = ofPod().stream().filter(e -> !e.hasInitiator()).toList();
    assertThat(links).isNotEmpty();
    assertThat(links).allMatch(link -> link.getAcceptor().getLocalPort() == 15006);
    assertThat(links).allMatch(link -> link.getAcceptor().getProcess().equals("envoy"));
  }

  @Test
  void lastExchange_isFlushedWithinASecondWhileItsConnectionIsOpen() {
    pod.request(1, 1, PER_SECOND, "/last");
    long answeredNanos = System.nanoTime();
    await().pollInterval(Duration.ofMillis(10)).atMost(SOON).until(() -> hops("/last").size() == 1);
    assertThat(System.nanoTime() - answeredNanos).isLessThan(TimeUnit.SECONDS.toNanos(1));
    assertThat(hops("/last").get(0).getInitiator().getFlags() & WireRecord.IDLE_FLUSH).isNotZero();
    assertThat(hops("/last").get(0).hasAcceptor()).isTrue();
  }

  @Test
  void delayedApplication_showsBetweenItsReadAndItsSend() {
    pod.request(1, 5, 10, "/delay/50");
    await().atMost(SOON).until(() -> hops("/delay/{id}").size() == 5);
    assertThat(hops("/delay/{id}"))
        .allSatisfy(
            hop -> {
              ExchangeEnd app = hop.getAcceptor();
              long millis =
                  TimeUnit.NANOSECONDS.toMillis(app.getFirstSendNanos() - app.getLastReadNanos());
              assertThat(millis).isBetween(50L, 70L);
            });
  }

  @Test
  void slowBody_supersedesWhatWasFlushedOfIt() {
    pod.request(1, 1, 10, "/slow/700");
    await()
        .atMost(SOON)
        .until(
            () -> hops("/slow/{id}").stream().anyMatch(hop -> hop.getInitiator().getSupersedes()));
    List<Exchange> hops = hops("/slow/{id}");
    ExchangeEnd app = hops.get(hops.size() - 1).getAcceptor();
    assertThat(app.getSupersedes()).isTrue();
    assertThat(app.getLastSendNanos() - app.getFirstSendNanos())
        .isGreaterThan(TimeUnit.MILLISECONDS.toNanos(700));
  }

  @Test
  void clock_isSampled() {
    await()
        .atMost(SOON)
        .until(() -> controller.batches().stream().anyMatch(b -> b.getClockSamplesCount() > 0));
    long offset = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis()) - System.nanoTime();
    assertThat(controller.batches())
        .flatExtracting(batch -> batch.getClockSamplesList())
        .allSatisfy(
            sample -> {
              assertThat(sample.getUncertaintyNanos()).isLessThan(100_000);
              assertThat(Math.abs(sample.getEpochOffsetNanos() - offset))
                  .isLessThan(TimeUnit.SECONDS.toNanos(1));
            });
  }

  private static void assertThatTimesAreOrdered(Exchange hop) {
    ExchangeEnd initiator = hop.getInitiator();
    ExchangeEnd acceptor = hop.getAcceptor();
    assertThat(initiator.getRole()).isEqualTo(Role.INITIATOR);
    assertThat(acceptor.getRole()).isEqualTo(Role.ACCEPTOR);
    assertThat(
            List.of(
                initiator.getFirstSendNanos(),
                acceptor.getFirstArrivalNanos(),
                acceptor.getFirstReadNanos(),
                acceptor.getFirstSendNanos(),
                initiator.getFirstArrivalNanos(),
                initiator.getFirstReadNanos()))
        .isSorted()
        .doesNotContain(0L);
    assertThat(
            List.of(
                initiator.getLastSendNanos(),
                acceptor.getLastArrivalNanos(),
                acceptor.getLastReadNanos(),
                acceptor.getLastSendNanos(),
                initiator.getLastArrivalNanos(),
                initiator.getLastReadNanos()))
        .isSorted();
  }

  private static List<Exchange> hops(String template) {
    return ofPod().stream()
        .filter(exchange -> exchange.getInitiator().getPathTemplate().equals(template))
        .toList();
  }

  private static List<Exchange> ofPod() {
    return controller.exchanges().filter(exchange -> exchange.getNetns() == pod.netns()).toList();
  }

  private static List<String> ids(List<Exchange> hops) {
    return hops.stream()
        .map(hop -> hop.getInitiator().getRequestId())
        .filter(id -> !id.isEmpty())
        .distinct()
        .collect(Collectors.toList());
  }
}
