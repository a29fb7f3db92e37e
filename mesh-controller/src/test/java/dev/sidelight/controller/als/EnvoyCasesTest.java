/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.als;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidelight.correlator.AccessLogEntry;
import dev.sidelight.correlator.TcpConnections;
import dev.sidelight.correlator.TcpLogEntry;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What the real Envoy 1.40 wrote in each case of {@code EnvoyCasesIT}, as our decoder reads it.
 * {@code -Dgoldens.rewrite=true} writes the expectation anew.
 */
class EnvoyCasesTest {

  private static final long MILLI = 1_000_000;

  private static Map<String, RecordingEvents> cases;

  @BeforeAll
  static void decode() throws Exception {
    cases = RecordedCases.decode(RecordedCases.read());
  }

  @Test
  void recordedCases_areUnderstood() throws Exception {
    String text = RecordedCases.text(RecordedCases.read());
    if (Boolean.getBoolean("goldens.rewrite")) {
      Files.writeString(RecordedCases.EXPECTED, text);
    }
    assertThat(text).isEqualTo(Files.readString(RecordedCases.EXPECTED));
  }

  @Test
  void everyCase_isOneRequestAndItsAttempts() {
    assertRequests("retries", 1, 3);
    assertRequests("retries_exhausted", 1, 2);
    assertRequests("hedging", 1, 2);
    assertRequests("per_try_timeout", 1, 2);
    assertRequests("direct_response", 1, 0);
    assertRequests("redirect", 1, 0);
    assertRequests("http_intermediates", 1, 1);
    // The mirrored request at the proxy that it was mirrored to.
    assertRequests("mirrored", 2, 2);
    assertThat(cases.get("mirrored").said).containsExactly("ignored mirrored 1");
    assertRequests("tcp", 0, 0);
  }

  @Test
  void outcomes_areEnvoys() {
    assertOutcome("retries_exhausted", 503, "URX");
    assertOutcome("timeout", 504, "UT");
    assertOutcome("per_try_timeout", 504, "UT,URX");
    assertOutcome("client_abort", 0, "DC");
    assertOutcome("connection_refused", 503, "UF");
    assertOutcome("upstream_reset", 503, "UC");
    assertOutcome("early_response", 413, "-");
    assertOutcome("no_route", 404, "NR");
    assertOutcome("websocket", 101, "DC");
    assertThat(requests("circuit_breaking"))
        .extracting(AccessLogEntry::responseFlags)
        .containsExactlyInAnyOrder("UO", "-", "-");
  }

  @Test
  void waits_areWhereTheyWere() {
    assertThat(requests("circuit_breaking"))
        .anyMatch(entry -> entry.poolReadyNanos() > 100 * MILLI);
    AccessLogEntry upload = requests("slow_upload").get(0);
    assertThat(upload.lastDownstreamRxNanos()).isGreaterThan(100 * MILLI);
    AccessLogEntry streaming = requests("streaming").get(0);
    assertThat(streaming.firstDownstreamTxNanos()).isLessThan(streaming.lastDownstreamRxNanos());
    assertThat(requests("early_response").get(0).lastDownstreamRxNanos())
        .isEqualTo(AccessLogEntry.ABSENT);
    assertThat(requests("grpc_stream").get(0).protocol()).isEqualTo("grpc");
  }

  @Test
  void requestIds_areWhatTheAppSent() {
    assertThat(requests("forwarded_request_id"))
        .extracting(AccessLogEntry::requestId)
        .hasSize(2)
        .containsOnly("5b0c0bc5-4f3c-9a1e-8d53-0a8f0f7d1c11");
    assertThat(requests("invented_request_id").get(0).requestId()).isEqualTo("my own");
  }

  @Test
  void tcpConnection_countsEachByteOnce() throws Exception {
    TcpConnections connections = new TcpConnections(1);
    long received = 0;
    int opened = 0;
    for (TcpLogEntry entry : cases.get("tcp").tcpEntries) {
      var traffic = connections.onEntry(entry, 0);
      received += traffic.bytesReceived();
      opened += traffic.opened() ? 1 : 0;
    }
    assertThat(received).isEqualTo("firstsecond".length());
    assertThat(opened).isEqualTo(1);
    assertThat(connections.size()).isZero();
  }

  private static void assertRequests(String name, int requests, int attempts) {
    assertThat(requests(name)).as(name).hasSize(requests);
    assertThat(cases.get(name).entries).as(name).hasSize(requests + attempts);
  }

  private static void assertOutcome(String name, int responseCode, String responseFlags) {
    AccessLogEntry entry = requests(name).get(0);
    assertThat(entry.responseCode()).as(name).isEqualTo(responseCode);
    assertThat(entry.responseFlags()).as(name).isEqualTo(responseFlags);
  }

  private static List<AccessLogEntry> requests(String name) {
    return cases.get(name).entries.stream()
        .filter(entry -> entry.kind() == AccessLogEntry.Kind.DOWNSTREAM_END)
        .toList();
  }
}
