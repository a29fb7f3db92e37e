/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.prometheus.client.Collector;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.AbstractList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

final class MetricsRouteTest {

  private static final String PROMETHEUS_2_42 =
      "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
          + "text/plain;version=0.0.4;q=0.5,*/*;q=0.1";
  private static final String PROMETHEUS_3 =
      "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,"
          + "application/openmetrics-text;version=0.0.1;q=0.5,"
          + "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,"
          + "*/*;q=0.2";

  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client = HttpClient.newHttpClient();
  private final CollectorRegistry registry = new CollectorRegistry();
  private HttpServer server;

  @BeforeEach
  void listen() throws Exception {
    ApiSources sources =
        new ApiSources(
            (window, filter) -> new byte[0],
            (window, matching, order, limit) -> List.of(),
            null,
            parameters -> null,
            new NoProfiling(),
            new WriteGuard(ApiToken.none(), false),
            () -> new byte[0],
            registry,
            () -> true);
    server =
        vertx
            .createHttpServer()
            .requestHandler(ApiRouter.create(vertx, sources))
            .listen(0, "127.0.0.1")
            .await(10, TimeUnit.SECONDS);
  }

  @AfterEach
  void close() throws Exception {
    vertx.close().await(10, TimeUnit.SECONDS);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "| text/plain; version=0.0.4; charset=utf-8",
        "*/* | text/plain; version=0.0.4; charset=utf-8",
        "text/html | text/plain; version=0.0.4; charset=utf-8",
        "text/plain;q=0.9,application/openmetrics-text;q=0.5 | text/plain; version=0.0.4;"
            + " charset=utf-8",
        "application/openmetrics-text;q=0 | text/plain; version=0.0.4; charset=utf-8",
        "application/openmetrics-text;version=2.0.0,text/plain;q=0.1 | text/plain; version=0.0.4;"
            + " charset=utf-8",
        "application/openmetrics-text;version=zzz;;q=what,, ,/;= | text/plain; version=0.0.4;"
            + " charset=utf-8",
        "application/openmetrics-text | application/openmetrics-text; version=1.0.0; charset=utf-8",
        PROMETHEUS_2_42 + " | application/openmetrics-text; version=1.0.0; charset=utf-8",
        PROMETHEUS_3 + " | application/openmetrics-text; version=1.0.0; charset=utf-8",
      })
  void accept_decides(String accept, String contentType) throws Exception {
    Counter.build("sidelight_test_total", "For this test.").register(registry).inc();
    HttpResponse<byte[]> response = get("accept", accept == null ? "" : accept);
    assertThat(response.headers().firstValue("content-type")).contains(contentType);
    String text = new String(response.body(), StandardCharsets.UTF_8);
    assertThat(text).contains("sidelight_test_total 1.0\n").doesNotContain("_created");
    assertThat(text.endsWith("# EOF\n")).isEqualTo(contentType.startsWith("application"));
  }

  @ParameterizedTest
  @CsvSource({"gzip, true", "'deflate, gzip;q=0.5', true", "gzip;q=0, false", "br, false"})
  void gzip_whereAccepted(String encodings, boolean expected) throws Exception {
    Counter.build("sidelight_test_total", "For this test.").register(registry).inc();
    HttpResponse<byte[]> response = get("accept-encoding", encodings);
    assertThat(response.headers().firstValue("content-encoding").isPresent()).isEqualTo(expected);
    assertThat(response.headers().firstValue("vary")).contains("accept, accept-encoding");
    byte[] body =
        expected
            ? new GZIPInputStream(new ByteArrayInputStream(response.body())).readAllBytes()
            : response.body();
    assertThat(new String(body, StandardCharsets.UTF_8)).contains("sidelight_test_total 1.0\n");
  }

  @Test
  void largePage_comesWhole() throws Exception {
    new Many(200_000).register(registry);
    for (String encoding : List.of("identity", "gzip")) {
      HttpResponse<byte[]> response = get("accept-encoding", encoding);
      byte[] body =
          encoding.equals("gzip")
              ? new GZIPInputStream(new ByteArrayInputStream(response.body())).readAllBytes()
              : response.body();
      String text = new String(body, StandardCharsets.UTF_8);
      assertThat(text).endsWith("number=\"199999 \u00fc\ud83d\ude00?\",} 199999.0\n");
      assertThat(text.lines().count()).isEqualTo(200_002);
    }
  }

  @Test
  void failureAtTheStart_isToldSo() throws Exception {
    new Many(100, 0).register(registry);
    HttpResponse<byte[]> response = get("accept-encoding", "gzip");
    assertThat(response.statusCode()).isEqualTo(500);
    assertThat(new String(response.body(), StandardCharsets.UTF_8)).contains("internal error");
  }

  @Test
  void failureHalfWay_isNoWholePage() {
    new Many(200_000, 150_000).register(registry);
    assertThatThrownBy(() -> get("accept-encoding", "identity")).isInstanceOf(IOException.class);
  }

  @Test
  void clientThatLeaves_letsTheWorkerGo() throws Exception {
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    Logger logger = (Logger) LoggerFactory.getLogger(MetricsRoute.class);
    log.start();
    logger.addAppender(log);
    new Many(1_000_000).register(registry);
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.actualPort())) {
      socket
          .getOutputStream()
          .write("GET /metrics HTTP/1.1\r\nhost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(socket.getInputStream().read()).isEqualTo('H');
    }
    await()
        .until(
            () ->
                List.copyOf(log.list).stream()
                    .anyMatch(event -> event.getMessage().startsWith("a scrape was cut off")));
    logger.detachAppender(log);
  }

  private HttpResponse<byte[]> get(String header, String value) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.actualPort() + "/metrics"));
    if (!value.isEmpty()) {
      request.header(header, value);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  /** A family of so many series, which may fail at one of them. */
  private static final class Many extends Collector {
    private final int series;
    private final int failingAt;

    Many(int series) {
      this(series, series);
    }

    Many(int series, int failingAt) {
      this.series = series;
      this.failingAt = failingAt;
    }

    @Override
    public List<MetricFamilySamples> collect() {
      return List.of(
          new MetricFamilySamples(
              "sidelight_test_many",
              Type.GAUGE,
              "For this test.",
              new AbstractList<>() {
                @Override
                public MetricFamilySamples.Sample get(int index) {
                  if (index == failingAt) {
                    throw new IllegalStateException("at " + index);
                  }
                  return new MetricFamilySamples.Sample(
                      "sidelight_test_many",
                      List.of("number"),
                      List.of(index + " \u00fc\ud83d\ude00\ud83d"),
                      index);
                }

                @Override
                public int size() {
                  return series;
                }
              }));
    }
  }
}
