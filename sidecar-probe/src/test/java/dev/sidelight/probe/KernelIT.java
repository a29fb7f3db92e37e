/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sidelight.hop.v1.Exchange;
import dev.sidelight.hop.v1.ExchangeEnd;
import dev.sidelight.hop.v1.ExchangeFlag;
import dev.sidelight.probe.bpf.Hook;
import dev.sidelight.probe.bpf.HookTrial;
import dev.sidelight.probe.bpf.HookWay;
import dev.sidelight.probe.export.CollectingController;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What the running kernel gives, with nothing but Python beside the probe: make test-kernels runs
 * this class in guests with older kernels. Root is needed.
 */
class KernelIT {
  private static final int PLAIN_PORT = 9080;
  private static final int TLS_PORT = 9443;
  private static final int REQUESTS = 20;
  private static final String FUNCTION_WAY = "fentry/tcp_sendmsg_locked";

  private static CollectingController controller;
  private static KernelPod plain;
  private static KernelPod tls;
  private static Probe probe;

  @BeforeAll
  static void begin() throws IOException {
    controller = new CollectingController(0);
    plain = new KernelPod("kernit-plain", PLAIN_PORT, false);
    tls = new KernelPod("kernit-tls", TLS_PORT, true);
    Map<String, String> settings =
        Map.of(
            "controller.hopPort", Integer.toString(controller.port()),
            "metrics.port", "0",
            // What plays Envoy runs as root here.
            "pods.envoyUids", "",
            "probe.nodeName", "node-1");
    // The machine's own PID namespace, looked for as a node's is where that is a container.
    probe =
        new Probe(ProbeSettings.of(SettingSources.of(settings, Map.of(), null)), (int) 4026531836L);
    probe.start();
    await().atMost(KernelPod.PATIENCE).until(() -> probe.podCount() >= 2);
  }

  @AfterAll
  static void end() {
    plain.close();
    tls.close();
    probe.close();
    controller.close();
    assertThat(probe.accounting().isBalanced()).isTrue();
  }

  @Test
  void eachHook_hasTheBestWayOfThisKernel() throws IOException {
    List<String> attached = new ArrayList<>();
    try (HookTrial trial = new HookTrial(object())) {
      boolean functions = takesFunctions(trial);
      for (Hook hook : Hook.values()) {
        for (HookWay way : hook.ways()) {
          boolean expected = trial.has(way) && (functions || !isOnFunction(way));
          System.out.println(
              "way " + hook + " " + way.label() + (expected ? " is there" : " lacks"));
          assertThat(expected && !trial.takes(way)).as("%s is refused", way.label()).isFalse();
        }
        best(hook, trial, functions).map(HookWay::label).ifPresent(attached::add);
        assertThat(best(hook, trial, functions).isPresent() || !functions).as("%s", hook).isTrue();
      }
    }
    assertThat(attachedByMetrics()).containsExactlyInAnyOrderElementsOf(attached);
    System.out.println(
        "RESULT kernel="
            + System.getProperty("os.version")
            + " hooks="
            + String.join(",", attached));
  }

  @Test
  void plainExchange_isPairedWithItsPointsInOrder() {
    plain.request(REQUESTS, "/plain");
    await().atMost(KernelPod.PATIENCE).until(() -> paired(plain, "/plain").size() == REQUESTS);
    assertThat(paired(plain, "/plain"))
        .allSatisfy(KernelIT::assertThatPointsAreInOrder)
        .allMatch(hop -> hop.getInitiator().getProcess().equals("envoy"))
        .allMatch(hop -> hop.getAcceptor().getProcess().startsWith("python"))
        .allMatch(hop -> hop.getAcceptor().getStatus() == 200);
    assertThat(paired(plain, "/plain"))
        .extracting(hop -> hop.getInitiator().getRequestId())
        .contains("plain-0", "plain-19");
  }

  @Test
  void lostRequest_hasItsRetransmitsAndAllAreThoseOfTheKernel() {
    plain.request(REQUESTS, "/before");
    plain.requestLostOnce("/lost");
    plain.request(REQUESTS, "/after");
    await().atMost(KernelPod.PATIENCE).until(() -> paired(plain, "/after").size() == REQUESTS);
    System.out.println("RESULT loss=" + plain.lossEmulator());
    assertThat(paired(plain, "/lost"))
        .hasSize(1)
        .allSatisfy(KernelIT::assertThatPointsAreInOrder)
        .allMatch(hop -> hop.getInitiator().getRetransmits() > 0);
    // A busy machine's kernel also sends again what was late and not lost.
    await()
        .atMost(KernelPod.PATIENCE)
        .untilAsserted(() -> assertThat(retransmits(plain)).isEqualTo(plain.retransmits()));
  }

  @Test
  void senderThatWaitedForRoom_isKnownBlockingOrNot() {
    plain.request(1, "/large");
    plain.request(1, "/large-by-pieces");
    plain.request(1, "/small");
    await()
        .atMost(KernelPod.PATIENCE)
        .until(
            () ->
                Stream.of("/large", "/large-by-pieces", "/small")
                    .allMatch(path -> paired(plain, path).size() == 1));
    assertThat(List.of("/large", "/large-by-pieces"))
        .allSatisfy(
            path ->
                assertThat(paired(plain, path))
                    .hasSize(1)
                    .allMatch(hop -> waitedForRoom(hop.getAcceptor()))
                    .noneMatch(hop -> waitedForRoom(hop.getInitiator())));
    assertThat(paired(plain, "/small"))
        .noneMatch(hop -> waitedForRoom(hop.getAcceptor()) || waitedForRoom(hop.getInitiator()));
  }

  @Test
  void tlsExchange_isPairedWithItsPointsInOrder() {
    tls.request(REQUESTS, "/tls");
    await().atMost(KernelPod.PATIENCE).until(() -> afterHandshake(tls).size() == REQUESTS - 1);
    assertThat(afterHandshake(tls))
        .allSatisfy(KernelIT::assertThatPointsAreInOrder)
        .allMatch(hop -> hop.getAcceptor().getLocalPort() == TLS_PORT)
        .allMatch(hop -> hop.getInitiator().getProcess().equals("envoy"))
        .allMatch(
            hop ->
                hop.getInitiator().getSendEndPosition()
                    == hop.getAcceptor().getReceiveEndPosition())
        .allMatch(
            hop ->
                hop.getAcceptor().getSendEndPosition()
                    == hop.getInitiator().getReceiveEndPosition());
  }

  private static boolean waitedForRoom(ExchangeEnd end) {
    return (end.getFlags() & ExchangeFlag.WAITED_FOR_ROOM_VALUE) != 0;
  }

  /** The last record of each: where a guest is slow an exchange is told in the midst, and again. */
  private static List<Exchange> pairs(KernelPod pod) {
    Map<List<Long>, Exchange> lastOfEach = new LinkedHashMap<>();
    controller
        .exchanges()
        .filter(hop -> hop.getNetns() == pod.netns() && hop.hasInitiator() && hop.hasAcceptor())
        .forEach(hop -> lastOfEach.put(place(hop.getInitiator()), hop));
    return List.copyOf(lastOfEach.values());
  }

  private static List<Long> place(ExchangeEnd end) {
    return List.of(end.getSocketCookie(), (long) end.getExchangeIndex());
  }

  private static List<Exchange> paired(KernelPod pod, String template) {
    return pairs(pod).stream()
        .filter(hop -> hop.getInitiator().getPathTemplate().equals(template))
        .toList();
  }

  /** What initiators sent again: of an exchange that came twice, the later says all. */
  private static int retransmits(KernelPod pod) {
    Map<Integer, Integer> byExchange = new HashMap<>();
    pairs(pod)
        .forEach(
            hop ->
                byExchange.put(
                    hop.getInitiator().getExchangeIndex(), hop.getInitiator().getRetransmits()));
    return byExchange.values().stream().mapToInt(Integer::intValue).sum();
  }

  private static List<Long> points(Exchange hop) {
    ExchangeEnd initiator = hop.getInitiator();
    ExchangeEnd acceptor = hop.getAcceptor();
    return List.of(
        initiator.getFirstSendNanos(),
        acceptor.getFirstArrivalNanos(),
        acceptor.getFirstReadNanos(),
        acceptor.getFirstSendNanos(),
        initiator.getFirstArrivalNanos(),
        initiator.getFirstReadNanos());
  }

  /** The handshake is an exchange of its own, and its end is part of the first request's. */
  private static List<Exchange> afterHandshake(KernelPod pod) {
    return pairs(pod).stream().filter(hop -> hop.getInitiator().getExchangeIndex() > 1).toList();
  }

  private static void assertThatPointsAreInOrder(Exchange hop) {
    assertThat(points(hop)).isSorted().doesNotContain(0L);
  }

  private static boolean takesFunctions(HookTrial trial) {
    return Hook.SEND.ways().stream()
        .filter(way -> way.label().equals(FUNCTION_WAY))
        .allMatch(trial::takes);
  }

  private static boolean isOnFunction(HookWay way) {
    return way.kind() == HookWay.Kind.ENTRY || way.kind() == HookWay.Kind.EXIT;
  }

  private static Optional<HookWay> best(Hook hook, HookTrial trial, boolean functions) {
    return hook.ways().stream()
        // Taken where the settings ask for it only.
        .filter(way -> !way.label().equals("tp_btf/sys_enter"))
        .filter(way -> trial.has(way) && (functions || !isOnFunction(way)))
        .findFirst();
  }

  private static List<String> attachedByMetrics() throws IOException {
    URI uri = URI.create("http://127.0.0.1:" + probe.metricsPort() + "/metrics");
    try (InputStream in = uri.toURL().openStream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> line.startsWith("sidelight_probe_hook{"))
          .filter(line -> line.contains("state=\"attached\""))
          .map(line -> line.replaceFirst(".*way=\"([^\"]*)\".*", "$1"))
          .toList();
    }
  }

  private static byte[] object() throws IOException {
    try (InputStream in = Probe.class.getResourceAsStream("bpf/hop.bpf.o")) {
      return Objects.requireNonNull(in).readAllBytes();
    }
  }
}
