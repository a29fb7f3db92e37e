/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.als;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sidelight.controller.als.CaseSink.Message;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.HostAndPort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Everything that a call or a connection may become, through real Envoys on loopback. What they log
 * must have the shape of what was recorded; {@code -Dgoldens.rewrite=true} records it anew:
 *
 * <pre>mvn -pl als-correlator,mesh-controller verify -Dtest=NONE -Dit.test=EnvoyCasesIT \
 *     -Dgoldens.rewrite=true -Dsurefire.failIfNoSpecifiedTests=false</pre>
 */
class EnvoyCasesIT {

  private static final String CLOSE = "connection: close\r\n";
  private static final int PAUSE_MILLIS = 150;
  private static final String UPGRADE =
      """
      connection: upgrade\r
      upgrade: websocket\r
      sec-websocket-version: 13\r
      sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r
      """;
  private static final String SIDECAR =
      "sidecar~10.77.0.13~app-v1-5f6d8c9b7-abcde.demo~demo.svc.cluster.local";
  private static final String GATEWAY =
      "router~10.77.0.2~gateway-6d8c9b75f-abcde.demo~demo.svc.cluster.local";

  @TempDir Path directory;

  private final Vertx vertx =
      Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(1));
  private final Map<String, List<Message>> cases = new LinkedHashMap<>();
  private CaseSink sink;
  private CaseApp app;
  private CaseEnvoy envoy;
  private CaseEnvoy gateway;

  /** Calls, or a connection. */
  private interface Traffic {
    void run() throws Exception;
  }

  @BeforeEach
  void start() throws IOException {
    Path socket = directory.resolve("als.sock");
    sink = new CaseSink(vertx, socket);
    app = new CaseApp(vertx);
    envoy = new CaseEnvoy(directory, socket, app, SIDECAR, 0);
    gateway = new CaseEnvoy(directory, socket, app, GATEWAY, envoy.port("INBOUND"));
    await().atMost(Duration.ofSeconds(30)).until(() -> envoy.ready() && gateway.ready());
  }

  @AfterEach
  void stop() {
    gateway.close();
    envoy.close();
    vertx.close().await();
  }

  @Test
  void everyCase_isLoggedAsRecorded() throws Exception {
    plainCalls();
    attempts();
    limits();
    bodies();
    answersByTheProxy();
    requestIds();
    severalProxies();
    connections();
    if (Boolean.getBoolean("goldens.rewrite")) {
      RecordedCases.write(cases);
      Files.writeString(RecordedCases.EXPECTED, RecordedCases.text(RecordedCases.read()));
    }
    Map<String, RecordingEvents> recorded = RecordedCases.decode(RecordedCases.read());
    Map<String, RecordingEvents> live = RecordedCases.decode(cases);
    assertThat(live.keySet()).isEqualTo(recorded.keySet());
    live.forEach(
        (name, events) -> assertThat(shape(events)).as(name).isEqualTo(shape(recorded.get(name))));
  }

  private void plainCalls() throws Exception {
    record("http1", 2, () -> get("/http1/ok"));
    record(
        "http1_keep_alive",
        4,
        () -> {
          try (CaseClient client = new CaseClient(envoy.port("OUTBOUND"))) {
            client.send(CaseClient.head("GET", "/http1_keep_alive/ok", "")).readUntil("ok");
            client.send(CaseClient.head("GET", "/http1_keep_alive/ok", CLOSE)).readAll();
          }
        });
    record(
        "http2", 6, () -> http2(List.of("/http2/slow", "/http2/ok", "/http2/slow"), "text/plain"));
    record("grpc", 2, () -> http2(List.of("/grpc/echo"), "application/grpc"));
    record("grpc_stream", 2, this::grpcStream);
  }

  private void attempts() throws Exception {
    record("retries", 4, () -> get("/retries/fail_twice"));
    record("retries_exhausted", 3, () -> get("/retries_exhausted/fail"));
    record("hedging", 3, () -> get("/hedging/slow_first"));
    record("per_try_timeout", 3, () -> get("/per_try_timeout/slow"));
    record("timeout", 2, () -> get("/timeout/slow"));
  }

  private void limits() throws Exception {
    record(
        "circuit_breaking",
        6,
        () -> {
          String path = "/circuit_breaking/slow";
          List<CompletableFuture<String>> calls = new ArrayList<>();
          calls.add(inBackground(path));
          await().until(() -> app.requests(path) == 1);
          // One of these waits for the connection, the other finds no room to wait.
          calls.add(inBackground(path));
          calls.add(inBackground(path));
          for (CompletableFuture<String> call : calls) {
            call.get(30, TimeUnit.SECONDS);
          }
        });
    record("connection_refused", 2, () -> get("/connection_refused/ok"));
    record("upstream_reset", 2, () -> get("/upstream_reset/reset"));
    record(
        "client_abort",
        2,
        () -> {
          try (CaseClient client = new CaseClient(envoy.port("OUTBOUND"))) {
            client.send(CaseClient.head("GET", "/client_abort/slow", ""));
            await().until(() -> app.requests("/client_abort/slow") == 1);
          }
        });
  }

  private void bodies() throws Exception {
    record(
        "early_response",
        2,
        () -> {
          try (CaseClient client = new CaseClient(envoy.port("OUTBOUND"))) {
            client.send(CaseClient.head("POST", "/early_response/early", "content-length: 20\r\n"));
            client.send("0123456789").readUntil("too much");
          }
        });
    record(
        "slow_upload",
        2,
        () -> {
          try (CaseClient client = new CaseClient(envoy.port("OUTBOUND"))) {
            client.send(
                CaseClient.head("POST", "/slow_upload/upload", CLOSE + "content-length: 20\r\n"));
            client.send("0123456789");
            pause();
            client.send("0123456789").readAll();
          }
        });
    record(
        "streaming",
        2,
        () -> {
          try (CaseClient client = new CaseClient(envoy.port("OUTBOUND"))) {
            client.send(
                CaseClient.head(
                    "POST", "/streaming/echo", CLOSE + "transfer-encoding: chunked\r\n"));
            client.send("5\r\nfirst\r\n").readUntil("first");
            pause();
            client.send("6\r\nsecond\r\n").readUntil("second");
            client.send("0\r\n\r\n").readAll();
          }
        });
  }

  private void answersByTheProxy() throws Exception {
    record("direct_response", 1, () -> get("/direct_response/ok"));
    record("redirect", 1, () -> get("/redirect/ok"));
    record(
        "no_route",
        1,
        () -> {
          try (CaseClient client = new CaseClient(envoy.port("OUTBOUND"))) {
            client.send("GET / HTTP/1.1\r\nhost: nowhere\r\n" + CLOSE + "\r\n").readAll();
          }
        });
    record("external", 2, () -> get("/external/ok"));
  }

  private void requestIds() throws Exception {
    String forwarded = "x-request-id: 5b0c0bc5-4f3c-9a1e-8d53-0a8f0f7d1c11\r\n";
    record(
        "forwarded_request_id",
        4,
        () -> {
          get("/forwarded_request_id/ok", forwarded);
          get("/forwarded_request_id/ok", forwarded);
        });
    record(
        "invented_request_id", 2, () -> get("/invented_request_id/ok", "x-request-id: my own\r\n"));
  }

  private void severalProxies() throws Exception {
    record("mirrored", 5, () -> get("/mirrored/ok"));
    record(
        "gateway",
        4,
        () -> {
          try (CaseClient client = new CaseClient(gateway.port("OUTBOUND"))) {
            String headers = CLOSE + "x-forwarded-for: 203.0.113.7\r\n";
            client.send(CaseClient.head("GET", "/gateway/ok", headers)).readAll();
          }
        });
  }

  private void connections() throws Exception {
    record(
        "websocket",
        2,
        () -> {
          try (CaseClient client = new CaseClient(envoy.port("OUTBOUND"))) {
            client.send(CaseClient.head("GET", "/websocket/chat", UPGRADE));
            client.readUntil("\r\n\r\n");
            client.send(new byte[] {(byte) 0x81, (byte) 0x82, 0, 0, 0, 0, 'h', 'i'});
            client.readUntil("hi");
          }
        });
    record(
        "http_intermediates",
        2,
        () -> {
          try (CaseClient client = new CaseClient(envoy.port("INTERMEDIATES"))) {
            client.send(CaseClient.head("GET", "/http_intermediates/slow", CLOSE)).readAll();
          }
        });
    record(
        "tcp",
        1,
        () -> {
          try (CaseClient client = new CaseClient(envoy.port("TCP"))) {
            client.send("first").readUntil("first");
            pause();
            client.send("second").readUntil("second");
            pause();
          }
        });
  }

  /** Runs it, and waits until so many entries of ends have come: none may be of the next case. */
  private void record(String name, int ends, Traffic traffic) throws Exception {
    traffic.run();
    await()
        .alias(name)
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(sink.ends()).isGreaterThanOrEqualTo(ends));
    cases.put(name, sink.take());
  }

  /** Of intermediates, whose number depends on time, which there are. */
  private static List<String> shape(RecordingEvents events) {
    List<String> lines = new ArrayList<>();
    events.entries.stream().map(EntryText::shape).sorted().forEach(lines::add);
    lines.addAll(new TreeSet<>(events.tcpEntries.stream().map(EntryText::shape).toList()));
    lines.addAll(new TreeSet<>(events.said));
    return lines;
  }

  private String get(String path) throws IOException {
    return get(path, "");
  }

  private String get(String path, String headers) throws IOException {
    try (CaseClient client = new CaseClient(envoy.port("OUTBOUND"))) {
      return client.send(CaseClient.head("GET", path, CLOSE + headers)).readAll();
    }
  }

  private CompletableFuture<String> inBackground(String path) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return get(path);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  /** All at once on one connection. */
  private void http2(List<String> paths, String contentType) {
    HttpClient client = http2Client();
    List<Future<Buffer>> bodies =
        paths.stream()
            .map(
                path ->
                    post(client, path, contentType)
                        .compose(request -> request.send(Buffer.buffer("\0\0\0\0\1a")))
                        .compose(HttpClientResponse::body))
            .toList();
    Future.all(bodies).await();
    client.close().await();
  }

  /** Three messages, each sent when the one before has been answered. */
  private void grpcStream() throws Exception {
    HttpClient client = http2Client();
    HttpClientRequest request =
        post(client, "/grpc_stream/echo", "application/grpc").await().setChunked(true);
    CompletableFuture<Void> ended = new CompletableFuture<>();
    int[] answers = new int[1];
    request
        .response()
        .onSuccess(
            response -> {
              response.handler(
                  message -> {
                    if (++answers[0] < 3) {
                      request.write(Buffer.buffer("\0\0\0\0\1a"));
                    } else {
                      request.end();
                    }
                  });
              response.endHandler(ended::complete);
            });
    request.write(Buffer.buffer("\0\0\0\0\1a")).await();
    ended.get(30, TimeUnit.SECONDS);
    client.close().await();
  }

  private HttpClient http2Client() {
    return vertx.createHttpClient(
        new HttpClientOptions()
            .setProtocolVersion(HttpVersion.HTTP_2)
            .setHttp2ClearTextUpgrade(false));
  }

  private Future<HttpClientRequest> post(HttpClient client, String path, String contentType) {
    return client
        .request(HttpMethod.POST, envoy.port("OUTBOUND"), "127.0.0.1", path)
        .onSuccess(
            request ->
                request
                    .authority(HostAndPort.create("app", 9080))
                    .putHeader("content-type", contentType));
  }

  /** What is slow takes time: nothing can be waited for in its place. */
  private static void pause() throws InterruptedException {
    Thread.sleep(PAUSE_MILLIS);
  }
}
