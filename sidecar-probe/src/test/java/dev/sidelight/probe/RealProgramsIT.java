/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sidelight.hop.v1.Exchange;
import dev.sidelight.hop.v1.ExchangeEnd;
import dev.sidelight.probe.HttpLoad.Told;
import dev.sidelight.probe.hop.EndAccounting;
import dev.sidelight.probe.hop.EndAccounting.Loss;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Programs as people run them, each behind a real Envoy, under load: root is needed. */
class RealProgramsIT {
  private static final Set<Program> PROGRAMS = EnumSet.complementOf(EnumSet.of(Program.ODD));
  private static final int CONNECTIONS = 8;
  private static final int REQUESTS = 400;
  private static final int MANY_CONNECTIONS = 64;
  private static final int MANY_REQUESTS = 100_000;

  private record End(long cookie, int index) {}

  private static final Map<Program, ProgramPod> PODS = new EnumMap<>(Program.class);
  private static ProbeRun run;

  @BeforeAll
  static void begin() throws IOException {
    PROGRAMS.forEach(program -> PODS.put(program, new ProgramPod(program)));
    PODS.values().forEach(ProgramPod::awaitReady);
    run = new ProbeRun(Map.of());
    PODS.values().forEach(pod -> run.awaitWatched(pod, "plain"));
  }

  @AfterAll
  static void end() {
    PODS.values().forEach(ProgramPod::close);
    run.close();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "ODD")
  void everyRequest_isToldOnceAsItWas(Program program) {
    ProgramPod pod = PODS.get(program);
    String prefix = "mixed-" + program;
    Map<String, Told> sent = pod.load("plain").mixed(prefix, CONNECTIONS, REQUESTS);
    List<Exchange> told = awaitHops(pod, Program.PLAIN_PORT, prefix, REQUESTS);
    assertThat(byRequestId(told)).isEqualTo(sent);
    assertThat(told)
        .hasSize(REQUESTS)
        .allMatch(Exchange::hasAcceptor, "paired")
        .allMatch(hop -> hop.getInitiator().getProcess().equals("envoy"))
        .allMatch(hop -> hop.getAcceptor().getProcess().startsWith(program.executable()));
    assertThat(PointOrder.assertThatMissingArrivalsAreCounted(told, run.probe.missedArrivals()))
        .allSatisfy(RealProgramsIT::assertThatPointsAreInOrder);
  }

  @Test
  void sixtyFourConnections_mixNothingUp() {
    ProgramPod pod = PODS.get(Program.NODE);
    Map<String, Told> sent = pod.load("plain").mixed("many", MANY_CONNECTIONS, 6400);
    List<Exchange> told = awaitHops(pod, Program.PLAIN_PORT, "many", 6400);
    assertThat(byRequestId(told)).isEqualTo(sent);
    assertThat(told).hasSize(6400).allMatch(Exchange::hasAcceptor, "paired");
  }

  @Test
  void hundredThousandExchanges_areTheLoadGeneratorsCount() {
    ProgramPod pod = PODS.get(Program.GO);
    long beginNanos = System.nanoTime();
    long answered = pod.load("plain").equal("/count", MANY_CONNECTIONS, MANY_REQUESTS);
    long nanos = System.nanoTime() - beginNanos;
    await()
        .atMost(ProbeRun.SOON)
        .pollInterval(Duration.ofMillis(500))
        .until(() -> run.probe.accounting().heldCount() == 0);
    List<Exchange> hops = new ArrayList<>();
    for (Exchange exchange : run.in(pod.netns())) {
      if (isCounted(exchange)) {
        hops.add(exchange);
      }
    }
    long initiators =
        distinct(hops.stream().filter(Exchange::hasInitiator).map(Exchange::getInitiator));
    long acceptors =
        distinct(hops.stream().filter(Exchange::hasAcceptor).map(Exchange::getAcceptor));
    long lost = lost(run.probe.accounting());
    System.out.printf(
        "RESULT requests=%d initiators=%d acceptors=%d lost=%d per_second=%d%n",
        answered, initiators, acceptors, lost, answered * 1_000_000_000L / nanos);
    assertThat(2 * answered - initiators - acceptors).isBetween(0L, lost);
    assertThat(lost).isZero();
  }

  private static boolean isCounted(Exchange exchange) {
    return exchange.hasInitiator()
        ? exchange.getInitiator().getRemotePort() == Program.PLAIN_PORT
            && exchange.getInitiator().getPathTemplate().equals("/count")
        : exchange.getAcceptor().getLocalPort() == Program.PLAIN_PORT;
  }

  private static long distinct(Stream<ExchangeEnd> ends) {
    return ends.map(end -> new End(end.getSocketCookie(), end.getExchangeIndex()))
        .distinct()
        .count();
  }

  private static long lost(EndAccounting accounting) {
    return Stream.of(Loss.values()).mapToLong(accounting::lostCount).sum();
  }

  private static List<Exchange> awaitHops(ProgramPod pod, int port, String prefix, int count) {
    await()
        .atMost(ProbeRun.SOON)
        .pollInterval(Duration.ofMillis(200))
        .until(() -> byRequestId(hops(pod, port, prefix)).size() >= count);
    return hops(pod, port, prefix);
  }

  private static List<Exchange> hops(ProgramPod pod, int port, String prefix) {
    return run.hops(pod.netns(), port).stream()
        .filter(hop -> hop.getInitiator().getRequestId().startsWith(prefix + "-"))
        .toList();
  }

  private static Map<String, Told> byRequestId(List<Exchange> hops) {
    Map<String, Told> told = new HashMap<>();
    for (Exchange hop : hops) {
      ExchangeEnd request = hop.getInitiator();
      told.put(
          request.getRequestId(),
          new Told(request.getMethod(), request.getPathTemplate(), hop.getAcceptor().getStatus()));
    }
    return told;
  }

  private static void assertThatPointsAreInOrder(Exchange hop) {
    PointOrder.assertThatFirstPointsAreInOrder(hop);
    assertThat(
            List.of(
                hop.getAcceptor().getLastSendNanos(),
                hop.getInitiator().getLastArrivalNanos(),
                hop.getInitiator().getLastReadNanos()))
        .isSorted();
  }
}
