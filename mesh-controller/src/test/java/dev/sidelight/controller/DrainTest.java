/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Timestamp;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.data.accesslog.v3.AccessLogCommon;
import io.envoyproxy.envoy.data.accesslog.v3.HTTPAccessLogEntry;
import io.envoyproxy.envoy.service.accesslog.v3.StreamAccessLogsMessage;
import io.envoyproxy.envoy.service.accesslog.v3.StreamAccessLogsMessage.HTTPAccessLogEntries;
import io.envoyproxy.envoy.service.accesslog.v3.StreamAccessLogsMessage.Identifier;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A controller that stops while a call waits for its other half. */
class DrainTest {

  private final HttpClient http = HttpClient.newHttpClient();

  @Test
  void stop_tellsTheCallsThatWaitAndStaysForOneMoreScrape() throws Exception {
    RunningController running =
        new RunningController(
            Map.of(Setting.STOP_DRAIN_SECONDS, "600", Setting.CORRELATOR_WINDOW_SECONDS, "600"));
    String address = "http://127.0.0.1:" + running.controller().httpPort();
    running.accessLogs().send(message().toByteArray());
    running.awaitCounter(1, "sidelight_correlator_received_total", "type", "entry");
    assertThat(left(get(address + "/metrics").body())).isEmpty();

    CompletableFuture<Void> stopping = CompletableFuture.runAsync(running::close);
    await().until(() -> get(address + "/readyz").statusCode() == 503);
    String last = "";
    while (!stopping.isDone()) {
      try {
        last = get(address + "/metrics").body();
      } catch (IOException e) {
        // It is gone.
        stopping.join();
      }
    }

    assertThat(left(last)).hasSize(1).allMatch(line -> line.endsWith(" 1.0"));
  }

  @Test
  @Timeout(60)
  void stop_doesNotWaitForAScrapeWhereNobodyScrapes() {
    new RunningController(Map.of(Setting.STOP_DRAIN_SECONDS, "600")).close();
  }

  /** The entries that have left the correlator, by their ways. */
  private static List<String> left(String metrics) {
    return metrics
        .lines()
        .filter(line -> line.startsWith("sidelight_correlator_records_total{type=\"entry\""))
        .filter(line -> !line.endsWith(" 0.0"))
        .toList();
  }

  private HttpResponse<String> get(String uri) throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(URI.create(uri)).build(), HttpResponse.BodyHandlers.ofString());
  }

  private static StreamAccessLogsMessage message() {
    AccessLogCommon.Builder common =
        AccessLogCommon.newBuilder()
            .setStartTime(Timestamp.newBuilder().setSeconds(1_795_534_422L))
            .setDownstreamRemoteAddress(
                Address.newBuilder()
                    .setSocketAddress(
                        SocketAddress.newBuilder().setAddress("10.77.0.9").setPortValue(50000)));
    Node node = Node.newBuilder().setId("sidecar~10.77.0.13~reviews-v1-1.bookinfo~d").build();
    return StreamAccessLogsMessage.newBuilder()
        .setIdentifier(Identifier.newBuilder().setNode(node).setLogName("sidelight"))
        .setHttpLogs(
            HTTPAccessLogEntries.newBuilder()
                .addLogEntry(HTTPAccessLogEntry.newBuilder().setCommonProperties(common)))
        .build();
  }
}
