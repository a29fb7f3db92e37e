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
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What HTTP/1 allows beside a request and its response, each a write of the test's own, to a server
 * in the same pod: one exchange a request, at its positions. Root is needed.
 */
class Http1ExchangesIT {
  private static final String LOOPBACK = "127.0.0.1";
  private static final String END = "\r\n\r\n";
  private static final long PAUSE_MILLIS = 20;

  /** As many as a record keeps the I/O of. */
  private static final int PIPELINED = 4;

  private static ProgramPod pod;
  private static ProbeRun run;

  /** What a test does on a connection. */
  private interface Dialogue {
    void hold(HttpClientConnection connection) throws IOException, InterruptedException;
  }

  @BeforeAll
  static void begin() throws IOException {
    pod = new ProgramPod(Program.ODD).awaitReady();
    run = new ProbeRun(Map.of());
    run.awaitWatched(pod, "plain");
  }

  @AfterAll
  static void end() {
    pod.close();
    run.close();
  }

  @Test
  void http10_isOneExchangeThatClosesItsConnection() {
    String request = "GET /plain/1 HTTP/1.0\r\nx-request-id: ten" + END;
    Exchange hop =
        single(
            "ten",
            direct(
                1,
                connection -> {
                  connection.send(request);
                  assertThat(connection.read("GET").status()).isEqualTo(200);
                }));
    assertThatItIs(hop, "GET", "/plain/{id}", 200);
    assertThat(bytesSent(hop.getInitiator())).isEqualTo(request.length());
  }

  @Test
  void http10ThroughEnvoy_isToldOnBothHops() {
    int port =
        pod.pod.call(
            () -> {
              try (HttpClientConnection connection =
                  new HttpClientConnection(LOOPBACK, ProgramPod.SIDECAR_PORT)) {
                connection.send("GET /plain/1 HTTP/1.0\r\nx-request-id: ten-envoy" + END);
                assertThat(connection.read("GET").status()).isEqualTo(200);
                return connection.localPort();
              }
            });
    await().atMost(ProbeRun.SOON).until(() -> of("ten-envoy").size() == 2);
    assertThat(of("ten-envoy"))
        .allMatch(Exchange::hasAcceptor, "paired")
        .allMatch(hop -> hop.getAcceptor().getStatus() == 200)
        .anyMatch(hop -> hop.getInitiator().getLocalPort() == port)
        .anyMatch(hop -> hop.getInitiator().getRemotePort() == Program.PLAIN_PORT);
  }

  @Test
  void responseToHead_hasNoBodyAndItsStatus() {
    List<Exchange> hops =
        direct(
            2,
            connection -> {
              connection.send("HEAD /plain HTTP/1.1\r\nx-request-id: head-0" + END);
              connection.read("HEAD");
              connection.send("GET /plain HTTP/1.1\r\nx-request-id: head-1" + END);
              connection.read("GET");
            });
    assertThatItIs(single("head-0", hops), "HEAD", "/plain", 200);
    assertThatItIs(single("head-1", hops), "GET", "/plain", 200);
  }

  @Test
  void chunksOfBothBodies_areOneExchange() {
    String head =
        "POST /chunked HTTP/1.1\r\nx-request-id: chunks\r\ntransfer-encoding: chunked" + END;
    List<Exchange> hops =
        direct(
            1,
            connection -> {
              connection.send(head);
              Thread.sleep(PAUSE_MILLIS);
              connection.send("3\r\none\r\n");
              Thread.sleep(PAUSE_MILLIS);
              connection.send("0\r\n\r\n");
              assertThat(connection.read("POST").status()).isEqualTo(200);
            });
    Exchange hop = single("chunks", hops);
    assertThatItIs(hop, "POST", "/chunked", 200);
    assertThat(bytesSent(hop.getInitiator())).isEqualTo(head.length() + 13);
    assertThat(
            millis(hop.getInitiator().getLastSendNanos() - hop.getInitiator().getFirstSendNanos()))
        .isGreaterThanOrEqualTo(2 * PAUSE_MILLIS);
    assertThat(millis(hop.getAcceptor().getLastSendNanos() - hop.getAcceptor().getFirstSendNanos()))
        .isGreaterThanOrEqualTo(15);
  }

  @Test
  void expectationOfContinue_isOneExchangeWithTheFinalStatus() {
    String head =
        "POST /continue HTTP/1.1\r\nx-request-id: continued\r\nexpect: 100-continue\r\ncontent-length: 5"
            + END;
    int[] received = new int[1];
    List<Exchange> hops =
        direct(
            1,
            connection -> {
              connection.send(head);
              assertThat(connection.read("POST").status()).isEqualTo(100);
              connection.send("hello");
              received[0] = connection.read("POST").length();
            });
    Exchange hop = single("continued", hops);
    assertThatItIs(hop, "POST", "/continue", 200);
    assertThat(hops).hasSize(1);
    assertThat(bytesSent(hop.getInitiator())).isEqualTo(head.length() + 5);
    assertThat(bytesReceived(hop.getInitiator())).isEqualTo(received[0]);
    assertThat(hop.getAcceptor().getLastReadNanos())
        .isGreaterThanOrEqualTo(hop.getInitiator().getLastSendNanos());
  }

  @Test
  void responseBeforeTheUploadsEnd_endsTheExchange() {
    String head = "POST /early HTTP/1.1\r\nx-request-id: early\r\ncontent-length: 10" + END;
    List<Exchange> hops =
        direct(
            2,
            connection -> {
              connection.send(head + "12345");
              assertThat(connection.read("POST").status()).isEqualTo(413);
              connection.send("67890");
              // Else the rest of the body and the next request may be one read of the server's.
              Thread.sleep(PAUSE_MILLIS);
              connection.send("GET /plain HTTP/1.1\r\nx-request-id: early-next" + END);
              connection.read("GET");
            });
    Exchange hop = single("early", hops);
    assertThatItIs(hop, "POST", "/early", 413);
    // What is sent once the response has been read is in no component of the call.
    assertThat(bytesSent(hop.getInitiator())).isEqualTo(head.length() + 5);
    assertThatItIs(single("early-next", hops), "GET", "/plain", 200);
    assertThat(hops).hasSize(2);
  }

  @Test
  void pipelinedRequests_areAnExchangeEachAtItsPositions() {
    String request = "GET /slow/7 HTTP/1.1\r\nx-request-id: pipe-%d" + END;
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < PIPELINED; i++) {
      all.append(String.format(request, i));
    }
    List<Exchange> hops =
        direct(
            PIPELINED,
            connection -> {
              connection.send(all.toString());
              for (int i = 0; i < PIPELINED; i++) {
                assertThat(connection.read("GET").status()).isEqualTo(200);
              }
            });
    assertThat(hops)
        .extracting(hop -> hop.getInitiator().getRequestId())
        .containsExactly("pipe-0", "pipe-1", "pipe-2", "pipe-3");
    int length = String.format(request, 0).length();
    for (int i = 0; i < PIPELINED; i++) {
      assertThatItIs(hops.get(i), "GET", "/slow/{id}", 200);
      assertThat(hops.get(i).getInitiator().getSendStartPosition())
          .isEqualTo(hops.get(0).getInitiator().getSendStartPosition() + i * length);
      assertThat(bytesSent(hops.get(i).getInitiator())).isEqualTo(length);
    }
  }

  @Test
  void upgradeToWebSocket_isOneExchangeAndWhatFollowsIsNone() {
    List<Exchange> hops =
        direct(
            1,
            connection -> {
              connection.send(upgrade("upgrade"));
              assertThat(connection.read("GET").status()).isEqualTo(101);
              echo(connection);
            });
    assertThatItIs(single("upgrade", hops), "GET", "/socket", 101);
    assertThatNothingFollows("upgrade", hops);
  }

  @Test
  void upgradeThroughEnvoy_isOneExchangeOnEitherHop() {
    pod.pod.call(
        () -> {
          try (HttpClientConnection connection =
              new HttpClientConnection(LOOPBACK, ProgramPod.SIDECAR_PORT)) {
            connection.send(upgrade("upgrade-envoy"));
            assertThat(connection.read("GET").status()).isEqualTo(101);
            echo(connection);
            return connection.localPort();
          }
        });
    await().atMost(ProbeRun.SOON).until(() -> of("upgrade-envoy").size() == 2);
    assertThat(of("upgrade-envoy"))
        .allMatch(Exchange::hasAcceptor, "paired")
        .allMatch(hop -> hop.getAcceptor().getStatus() == 101);
  }

  private static String upgrade(String requestId) {
    return "GET /socket HTTP/1.1\r\nhost: plain\r\nx-request-id: "
        + requestId
        + "\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n"
        + "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ=="
        + END;
  }

  private static void echo(HttpClientConnection connection) throws IOException {
    for (int i = 0; i < 3; i++) {
      connection.send("\u0081\u0003abc");
      connection.skip(5);
    }
  }

  private static void assertThatNothingFollows(String requestId, List<Exchange> hops) {
    assertThat(hops)
        .allMatch(hop -> hop.getInitiator().getRequestId().equals(requestId))
        .hasSize(1);
  }

  /**
   * Of a connection to the server without a proxy; as many exchanges as it is to have, in order.
   */
  private static List<Exchange> direct(int exchanges, Dialogue dialogue) {
    int port =
        pod.pod.call(
            () -> {
              try (HttpClientConnection connection =
                  new HttpClientConnection(LOOPBACK, Program.PLAIN_PORT)) {
                dialogue.hold(connection);
                return connection.localPort();
              }
            });
    await()
        .atMost(ProbeRun.SOON)
        .pollInterval(Duration.ofMillis(100))
        .untilAsserted(() -> assertThat(ofPort(port)).hasSizeGreaterThanOrEqualTo(exchanges));
    // The close has sent the last of it; what still waits would be one too many.
    await().atMost(ProbeRun.SOON).until(() -> run.probe.accounting().heldCount() == 0);
    return ofPort(port);
  }

  private static List<Exchange> ofPort(int port) {
    return run.hops(pod.netns(), Program.PLAIN_PORT).stream()
        .filter(hop -> hop.getInitiator().getLocalPort() == port)
        .sorted(Comparator.comparingInt(hop -> hop.getInitiator().getExchangeIndex()))
        .toList();
  }

  private static List<Exchange> of(String requestId) {
    return run.in(pod.netns()).stream()
        .filter(Exchange::hasInitiator)
        .filter(hop -> hop.getInitiator().getRequestId().equals(requestId))
        .toList();
  }

  private static Exchange single(String requestId, List<Exchange> hops) {
    assertThat(hops)
        .filteredOn(hop -> hop.getInitiator().getRequestId().equals(requestId))
        .hasSize(1);
    return hops.stream()
        .filter(hop -> hop.getInitiator().getRequestId().equals(requestId))
        .findFirst()
        .orElseThrow();
  }

  private static void assertThatItIs(Exchange hop, String method, String template, int status) {
    assertThat(hop.hasAcceptor()).as("paired").isTrue();
    assertThat(hop.getInitiator().getMethod()).isEqualTo(method);
    assertThat(hop.getInitiator().getPathTemplate()).isEqualTo(template);
    assertThat(hop.getAcceptor().getStatus()).isEqualTo(status);
    assertThat(hop.getInitiator().getProcess()).isEqualTo("java");
    assertThat(hop.getAcceptor().getProcess()).startsWith(Program.ODD.executable());
    assertThat(bytesSent(hop.getInitiator())).isEqualTo(bytesReceived(hop.getAcceptor()));
    assertThat(bytesReceived(hop.getInitiator())).isEqualTo(bytesSent(hop.getAcceptor()));
  }

  private static int bytesSent(ExchangeEnd end) {
    return end.getSendEndPosition() - end.getSendStartPosition();
  }

  private static int bytesReceived(ExchangeEnd end) {
    return end.getReceiveEndPosition() - end.getReceiveStartPosition();
  }

  private static long millis(long nanos) {
    return TimeUnit.NANOSECONDS.toMillis(nanos);
  }
}
