/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What connections carry, by the kernel, against what real programs say that they did. */
class TransportIT {
  private static final Duration SOON = Duration.ofSeconds(20);

  private static TransportPod pod;
  private static Probe probe;
  private static Endpoint oldServer;
  private static Endpoint oldClient;

  @BeforeAll
  static void start() {
    pod = new TransportPod();
    oldServer = pod.inPod("oldserver", "serve", "127.0.0.1", "9001", "rounds=3", "closer=serve");
    oldClient = pod.inPod("oldclient", "call", "127.0.0.1", "9001", "rounds=3", "gated=1");
    probe = probe(Map.of());
    pod.appear();
    await().atMost(SOON).until(() -> probe.podCount() == 1);
  }

  @AfterAll
  static void stop() {
    if (probe != null) {
      probe.close();
    }
    pod.close();
  }

  @ParameterizedTest
  @CsvSource({"127.0.0.1, 127.0.0.1, v4", "::1, ::1, v6", "::, 127.0.0.1, mapped"})
  void countsAndBytes_areThoseOfThePrograms(String listen, String to, String name) {
    String[] load = {"rounds=200", "request_bytes=3000", "response_bytes=70000", "closer=call"};
    Endpoint server = pod.inPod("server" + name, arguments("serve", listen, "9002", load));
    Endpoint client = pod.inPod("client" + name, arguments("call", to, "9002", load));
    JsonNode asked = client.done();
    JsonNode answered = server.done();
    soon(
        () -> {
          assertThatIsCounted("client" + name, "client", "server" + name, asked);
          assertThatIsCounted("server" + name, "server", "client" + name, answered);
        });
  }

  @Test
  void smallReads_areCountedOneByOne() {
    Endpoint server =
        pod.inPod("smallreader", "serve", "127.0.0.1", "9003", "request_bytes=1000", "chunk=100");
    pod.inPod("smallwriter", "call", "127.0.0.1", "9003", "request_bytes=1000", "closer=call");
    JsonNode read = server.done();
    assertThat(read.get("reads").asInt()).isGreaterThanOrEqualTo(10);
    soon(() -> assertThatIsCounted("smallreader", "server", "smallwriter", read));
  }

  @Test
  void redirectedConnections_areOneHopAlsoWhereTheSourcePortIsRemapped() {
    pod.iptables(
        "-t",
        "nat",
        "-A",
        "OUTPUT",
        "-p",
        "tcp",
        "--dport",
        "9004",
        "-j",
        "REDIRECT",
        "--to-ports",
        "9005");
    String both = TransportPod.OUTSIDE_ADDRESS + "," + TransportPod.OTHER_OUTSIDE_ADDRESS;
    Endpoint server =
        pod.inPod("redirserver", "serve", "0.0.0.0", "9005", "connections=2", "rounds=2");
    pod.inPod("redirclient", "call", both, "9004", "local_port=34567", "rounds=2", "closer=call");
    JsonNode peers = server.done().get("peers");
    assertThat(peers.get(0).asInt()).isNotEqualTo(peers.get(1).asInt());
    soon(
        () -> {
          Scrape scrape = Scrape.of(probe);
          assertThat(scrape.samples("sidelight_tcp_write_total", "process=\"redirclient\""))
              .hasSize(1)
              .allMatch(line -> line.contains("peer=\"redirserver\",peer_kind=\"process\""))
              .allMatch(line -> line.endsWith(" 4.0"));
          assertThat(scrape.samples("sidelight_tcp_write_total", "process=\"redirserver\""))
              .hasSize(1)
              .allMatch(line -> line.contains("peer=\"redirclient\",peer_kind=\"process\""));
        });
  }

  @Test
  void openConnection_thatIsOlderThanTheWatchIsCountedFromThere() {
    oldClient.go();
    JsonNode done = oldClient.done();
    soon(
        () -> {
          assertThatIsCounted("oldclient", "client", "oldserver", done);
          assertThat(Scrape.of(probe).sum("sidelight_tcp_close_total", "process=\"oldserver\""))
              .isEqualTo(1);
        });
    assertThat(oldServer.done().get("writes").asInt()).isEqualTo(3);
  }

  @Test
  void lateAccept_isItsDuration() {
    Endpoint server = pod.inPod("lateserver", "serve", "127.0.0.1", "9006", "late=1");
    Endpoint client = pod.inPod("lateclient", "call", "127.0.0.1", "9006", "closer=call");
    long waited = System.nanoTime();
    await().pollDelay(Duration.ofMillis(300)).until(() -> true);
    double seconds = (System.nanoTime() - waited) / 1e9;
    server.go();
    client.done();
    soon(
        () -> {
          Scrape scrape = Scrape.of(probe);
          String server1 = "process=\"lateserver\"";
          assertThat(scrape.sum("sidelight_tcp_accept_total", server1)).isEqualTo(1);
          assertThat(scrape.sum("sidelight_tcp_accept_duration_seconds_sum", server1))
              .isBetween(seconds, seconds + 0.3);
          assertThat(
                  scrape.samples(
                      "sidelight_tcp_accept_duration_seconds_bucket",
                      server1,
                      "le=\"0.268435456\""))
              .hasSize(1)
              .allMatch(line -> line.endsWith(" 0.0"));
          assertThat(
                  scrape.sum(
                      "sidelight_tcp_connect_duration_seconds_sum", "process=\"lateclient\""))
              .isBetween(1e-6, 0.2);
        });
  }

  @Test
  void lingeringPeer_isTheClosersDuration() {
    Endpoint server =
        pod.inPod("lingerer", "serve", "127.0.0.1", "9007", "closer=call", "linger=0.4");
    pod.inPod("leaver", "call", "127.0.0.1", "9007", "closer=call").done();
    server.done();
    soon(
        () -> {
          Scrape scrape = Scrape.of(probe);
          assertThat(
                  scrape.sum("sidelight_tcp_close_total", "process=\"leaver\"", "closer=\"local\""))
              .isEqualTo(1);
          assertThat(
                  scrape.sum(
                      "sidelight_tcp_close_total", "process=\"lingerer\"", "closer=\"remote\""))
              .isEqualTo(1);
          String name = "sidelight_tcp_close_duration_seconds_sum";
          assertThat(scrape.sum(name, "process=\"leaver\"")).isBetween(0.4, 0.7);
          assertThat(scrape.sum(name, "process=\"lingerer\"")).isBetween(1e-6, 0.2);
        });
  }

  @Test
  void reusedPort_isAnotherConnection() {
    Endpoint server =
        pod.inPod("portserver", "serve", "127.0.0.1", "9008", "connections=1", "closer=serve");
    pod.inPod("portclient", "call", "127.0.0.1", "9008", "local_port=34568").done();
    server.done();
    Endpoint next = pod.inPod("portserver", "serve", "127.0.0.1", "9009", "closer=serve");
    pod.inPod("portclient", "call", "127.0.0.1", "9009", "local_port=34568").done();
    next.done();
    soon(
        () -> {
          Scrape scrape = Scrape.of(probe);
          assertThat(scrape.sum("sidelight_tcp_connect_total", "process=\"portclient\""))
              .isEqualTo(2);
          assertThat(
                  scrape.sum(
                      "sidelight_tcp_write_bytes_total",
                      "process=\"portclient\"",
                      "peer=\"portserver\""))
              .isEqualTo(200);
        });
  }

  @Test
  void outside_isRemoteOnEitherSide() {
    Endpoint server = pod.outside("outserver", "serve", "0.0.0.0", "9010");
    pod.inPod("outcaller", "call", TransportPod.OUTSIDE_ADDRESS, "9010", "closer=call").done();
    server.done();
    Endpoint inner = pod.inPod("innerserver", "serve", "0.0.0.0", "9011", "closer=serve");
    pod.outside("outclient", "call", TransportPod.ADDRESS, "9011").done();
    inner.done();
    soon(
        () -> {
          Scrape scrape = Scrape.of(probe);
          String remote = "peer=\"remote\",peer_kind=\"remote\",side=";
          assertThat(
                  scrape.sum(
                      "sidelight_tcp_write_bytes_total",
                      "process=\"outcaller\"",
                      remote + "\"client\""))
              .isEqualTo(100);
          assertThat(
                  scrape.sum(
                      "sidelight_tcp_read_bytes_total",
                      "process=\"innerserver\"",
                      remote + "\"server\""))
              .isEqualTo(100);
        });
  }

  @Test
  void droppedPacket_hasTheKernelsReasonAndIsSentAgain() {
    Endpoint server = pod.inPod("dropserver", "serve", "127.0.0.1", "9012");
    Endpoint client =
        pod.inPod("dropclient", "call", "127.0.0.1", "9012", "gated=1", "closer=call");
    String[] rule = {
      "INPUT",
      "-p",
      "tcp",
      "--dport",
      "9012",
      "-m",
      "statistic",
      "--mode",
      "nth",
      "--every",
      "1000",
      "--packet",
      "0",
      "-j",
      "DROP"
    };
    pod.iptables(arguments("-A", rule));
    client.go();
    client.done();
    server.done();
    pod.iptables(arguments("-D", rule));
    soon(
        () -> {
          Scrape scrape = Scrape.of(probe);
          assertThat(scrape.sum("sidelight_tcp_drops_total", "reason=\"NETFILTER_DROP\""))
              .isGreaterThanOrEqualTo(1);
          assertThat(scrape.sum("sidelight_tcp_retransmits_total", "process=\"dropclient\""))
              .isGreaterThanOrEqualTo(1);
        });
  }

  @ParameterizedTest
  @CsvSource({
    "474554202f20485454502f312e310d0a0d0a, http1, false",
    "505249202a20485454502f322e300d0a0d0a534d0d0a0d0a, http2, false",
    "16030100c8010000c40303aabbccddeeff00112233, tls, true",
    "2a310d0a24340d0a50494e470d0a, redis, false",
    "0000000804d2162f, postgres, false",
    "6f7468657220627974657320656e7469726521, tcp, false"
  })
  void firstBytes_tellTheProtocol(String request, String protocol, boolean tls) {
    String bytes = "request=" + request;
    Endpoint server = pod.inPod("pserver", "serve", "127.0.0.1", "9013", bytes);
    pod.inPod("pclient", "call", "127.0.0.1", "9013", bytes, "closer=call").done();
    server.done();
    String[] labels = {"protocol=\"" + protocol + "\",tls=\"" + tls + "\""};
    soon(
        () -> {
          for (String process : new String[] {"process=\"pclient\"", "process=\"pserver\""}) {
            assertThat(Scrape.of(probe).samples("sidelight_tcp_write_total", process, labels[0]))
                .hasSize(1);
          }
        });
  }

  @Test
  void greeting_tellsWhatTheServerSpeaks() {
    // A server that speaks first: MySQL's.
    String greeting = "4a0000000a382e302e33360008000000";
    byte[] bytes = HexFormat.of().parseHex(greeting);
    Endpoint server = pod.inPod("dbserver", "serve", "127.0.0.1", "9014", "response=" + greeting);
    pod.inPod(
            "dbclient",
            "call",
            "127.0.0.1",
            "9014",
            "response_bytes=" + bytes.length,
            "closer=call")
        .done();
    server.done();
    soon(
        () ->
            assertThat(
                    Scrape.of(probe)
                        .samples(
                            "sidelight_tcp_write_total",
                            "process=\"dbclient\"",
                            "protocol=\"mysql\""))
                .hasSize(1));
  }

  @Test
  void roundTrips_areSampledAtEachWrite() {
    Endpoint server = pod.inPod("rttserver", "serve", "127.0.0.1", "9015", "rounds=50");
    pod.inPod("rttclient", "call", "127.0.0.1", "9015", "rounds=50", "closer=call").done();
    server.done();
    soon(
        () -> {
          Scrape scrape = Scrape.of(probe);
          assertThat(scrape.sum("sidelight_tcp_rtt_seconds_count", "process=\"rttclient\""))
              .isEqualTo(50);
          assertThat(scrape.sum("sidelight_tcp_rtt_seconds_sum", "process=\"rttclient\""))
              .isBetween(50 * 1e-6, 50 * 0.05);
          assertThat(
                  scrape.sum("sidelight_tcp_write_duration_seconds_count", "process=\"rttclient\""))
              .isEqualTo(50);
        });
  }

  @Test
  void readTimes_areThereWithTheSettingAndElseSaidToBeAbsent() {
    Map<String, String> setting = Map.of("probe.readTiming", "syscalls");
    try (Probe timing = probe(setting)) {
      await().atMost(SOON).until(() -> timing.podCount() == 1);
      Endpoint server =
          pod.inPod("slowserver", "serve", "127.0.0.1", "9016", "think=0.25", "rounds=4");
      pod.inPod("slowclient", "call", "127.0.0.1", "9016", "rounds=4", "closer=call").done();
      server.done();
      String name = "sidelight_tcp_read_duration_seconds";
      soon(
          () -> {
            Scrape scrape = Scrape.of(timing);
            assertThat(scrape.sum(name + "_count", "process=\"slowclient\"")).isEqualTo(4);
            assertThat(scrape.sum(name + "_sum", "process=\"slowclient\"")).isBetween(1.0, 1.3);
          });
    }
    Scrape scrape = Scrape.of(probe);
    boolean absent =
        scrape.sum("sidelight_probe_hook", "hook=\"read_entry\"", "state=\"absent\"") == 1;
    boolean attached =
        scrape.sum("sidelight_probe_hook", "hook=\"read_entry\"", "state=\"attached\"") == 1;
    assertThat(absent).isNotEqualTo(attached);
    assertThat(scrape.text().contains("sidelight_tcp_read_duration_seconds")).isEqualTo(attached);
  }

  @Test
  void page_isAsPrometheusWantsIt() throws IOException {
    Process promtool =
        new ProcessBuilder("promtool", "check", "metrics").redirectErrorStream(true).start();
    try (OutputStream out = promtool.getOutputStream()) {
      out.write(Scrape.of(probe).text().getBytes(StandardCharsets.UTF_8));
    }
    assertThat(new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .isEmpty();
  }

  private static void assertThatIsCounted(String process, String side, String peer, JsonNode done) {
    Scrape scrape = Scrape.of(probe);
    String own = "process=\"" + process + "\"";
    String labels = "peer=\"" + peer + "\",peer_kind=\"process\",side=\"" + side + "\"";
    assertThat(scrape.sum("sidelight_tcp_write_total", own, labels))
        .isEqualTo(done.get("writes").asDouble());
    assertThat(scrape.sum("sidelight_tcp_write_bytes_total", own, labels))
        .isEqualTo(done.get("written").asDouble());
    assertThat(scrape.sum("sidelight_tcp_write_duration_seconds_count", own, labels))
        .isEqualTo(done.get("writes").asDouble(), within(0.0));
    assertThat(scrape.sum("sidelight_tcp_read_total", own, labels))
        .isEqualTo(done.get("reads").asDouble());
    assertThat(scrape.sum("sidelight_tcp_read_bytes_total", own, labels))
        .isEqualTo(done.get("read").asDouble());
  }

  private static void soon(ThrowingRunnable assertion) {
    await().atMost(SOON).untilAsserted(assertion);
  }

  private static String[] arguments(String what, String... more) {
    String[] all = new String[more.length + 1];
    all[0] = what;
    System.arraycopy(more, 0, all, 1, more.length);
    return all;
  }

  private static String[] arguments(String what, String address, String port, String[] more) {
    return arguments(what, arguments(address, arguments(port, more)));
  }

  private static Probe probe(Map<String, String> more) {
    Map<String, String> settings = new HashMap<>(pod.settings());
    settings.putAll(more);
    Probe started = new Probe(ProbeSettings.of(SettingSources.of(settings, Map.of(), null)));
    started.start();
    return started;
  }
}
