/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sidelight.hop.v1.Exchange;
import dev.sidelight.hop.v1.ExchangeEnd;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * HTTP/2 on the hops before and behind a real Envoy: a gRPC server in Java, an h2c server in Node;
 * root is needed.
 */
class Http2HopIT {
  private static final Duration SOON = Duration.ofSeconds(15);
  private static final int CALLS = 2000;
  private static final String NODE_CLIENT = "src/test/resources/hopcapture/h2c-client.js";

  private static Http2Pod pod;
  private static Http2Pod.Program client;
  private static Http2Pod.Program older;

  @BeforeAll
  static void begin() throws IOException {
    pod = new Http2Pod();
    older = pod.in("node", NODE_CLIENT, "" + Http2Pod.OLDER_LISTENER);
    await().atMost(SOON).until(() -> older.ask("4 2").equals("OK 4"));
    pod.watch();
    await().atMost(SOON).until(() -> pod.probe().podCount() >= 1);
    client = pod.grpc("client", Http2Pod.GRPC_LISTENER);
    assertThat(client.answer()).isEqualTo("READY");
    await().atMost(SOON).until(() -> client.ask("Add 1 1").equals("OK 1"));
  }

  @AfterAll
  static void end() {
    pod.close();
    assertThat(pod.probe().accounting().isBalanced()).isTrue();
  }

  @Test
  void sixteenStreamsAtOnce_areOneExchangeEachOnBothHops() {
    assertThat(client.ask("Slow 64 16")).isEqualTo("OK 64");
    List<Exchange> hops = hops("Slow", 2 * 64);
    assertThat(hops).allSatisfy(Http2HopIT::assertThatPointsAreOrdered);
    assertThat(hops.stream().map(Http2HopIT::cookie).distinct()).hasSize(2);
    // 16 at once, each 50 ms in the application: what is between its read and its send is just
    // that.
    assertThat(hops)
        .filteredOn(hop -> hop.getInitiator().getProcess().equals("envoy"))
        .hasSize(64)
        .allMatch(hop -> applicationMillis(hop) >= 50)
        .anyMatch(hop -> applicationMillis(hop) < 60);
  }

  @Test
  void everyCall_isOneExchangeWithItsNames() {
    assertThat(client.ask("Add " + CALLS + " 16")).isEqualTo("OK " + CALLS);
    // One more comes from waiting for the server.
    List<Exchange> hops =
        hops("Add", 2 * CALLS).stream()
            .filter(hop -> !hop.getInitiator().getRequestId().isEmpty())
            .toList();
    System.out.println("RESULT http2 streams " + hops.size() + " of " + 2 * CALLS);
    assertThat(hops)
        .allMatch(Exchange::hasAcceptor)
        .allSatisfy(Http2HopIT::assertThatPointsAreOrdered)
        .allMatch(hop -> hop.getInitiator().getMethod().equals("POST"))
        .allMatch(hop -> hop.getInitiator().getProtocol().equals("grpc"))
        .allMatch(hop -> hop.getInitiator().getHttp2StreamId() % 2 == 1)
        .allMatch(hop -> hop.getAcceptor().getStatus() == 200)
        .allMatch(
            hop -> hop.getAcceptor().hasGrpcStatus() && hop.getAcceptor().getGrpcStatus() == 0);
    assertThat(hops.stream().map(hop -> hop.getInitiator().getRequestId()).distinct())
        .hasSizeGreaterThanOrEqualTo(CALLS);
  }

  @Test
  void refusedCall_hasItsGrpcStatus() {
    assertThat(client.ask("Refuse 20 4")).isEqualTo("OK 20");
    assertThat(hops("Refuse", 40))
        .allMatch(hop -> hop.getAcceptor().getStatus() == 200)
        .allMatch(
            hop -> hop.getAcceptor().hasGrpcStatus() && hop.getAcceptor().getGrpcStatus() == 5);
  }

  @Test
  void streamingServer_takesItsTimeBetweenItsSends() {
    assertThat(client.ask("Watch 8 8")).isEqualTo("OK 8");
    assertThat(hops("Watch", 16))
        .allSatisfy(Http2HopIT::assertThatPointsAreOrdered)
        // Five delays follow the first message; on a busy machine it leaves as late as the second.
        .allMatch(hop -> responseMillis(hop) >= 200);
  }

  @Test
  void nodeServer_isSeenAsWell() {
    Http2Pod.Program node = pod.in("node", NODE_CLIENT, "" + Http2Pod.NODE_LISTENER);
    assertThat(node.ask("500 16")).isEqualTo("OK 500");
    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(pod.exchanges())
                    .filteredOn(hop -> hop.getInitiator().getPathTemplate().equals("/items/{id}"))
                    .hasSize(1000)
                    .allMatch(Exchange::hasAcceptor)
                    .allMatch(hop -> hop.getInitiator().getProtocol().equals("http2"))
                    .allMatch(hop -> hop.getAcceptor().getStatus() == 200)
                    .allSatisfy(Http2HopIT::assertThatPointsAreOrdered));
  }

  @Test
  void olderConnection_isTimedWithoutNames() {
    assertThat(older.ask("50 4")).isEqualTo("OK 50");
    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(pod.exchanges())
                    .filteredOn(hop -> hop.getInitiator().getEstablishedNanos() == 0)
                    .hasSize(100)
                    .allMatch(Exchange::hasAcceptor)
                    .allMatch(hop -> hop.getInitiator().getProtocol().equals("http2"))
                    .allMatch(hop -> hop.getInitiator().getMethod().isEmpty())
                    .allSatisfy(Http2HopIT::assertThatPointsAreOrdered));
  }

  private static List<Exchange> hops(String method, int count) {
    String path = "/test.Shop/" + method;
    await().atMost(SOON).until(() -> of(path).size() >= count);
    return of(path);
  }

  private static List<Exchange> of(String path) {
    return pod.exchanges().stream()
        .filter(hop -> hop.getInitiator().getPathTemplate().equals(path))
        .toList();
  }

  private static long cookie(Exchange hop) {
    return hop.getInitiator().getSocketCookie();
  }

  private static long applicationMillis(Exchange hop) {
    ExchangeEnd app = hop.getAcceptor();
    return TimeUnit.NANOSECONDS.toMillis(app.getFirstSendNanos() - app.getLastReadNanos());
  }

  private static long responseMillis(Exchange hop) {
    ExchangeEnd app = hop.getAcceptor();
    return TimeUnit.NANOSECONDS.toMillis(app.getLastSendNanos() - app.getFirstSendNanos());
  }

  private static void assertThatPointsAreOrdered(Exchange hop) {
    PointOrder.assertThatFirstPointsAreInOrder(hop);
    PointOrder.assertThatLastPointsAreInOrder(hop);
  }
}
