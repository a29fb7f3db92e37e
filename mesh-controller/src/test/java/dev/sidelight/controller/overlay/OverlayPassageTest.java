/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.overlay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Everything that is no graph passes as it is. */
final class OverlayPassageTest {

  private OverlayHarness overlay;

  @BeforeEach
  void start() throws Exception {
    overlay = new OverlayHarness();
    overlay.kiali.on("/kiali/api/echo", OverlayPassageTest::echo);
    overlay.start();
  }

  @AfterEach
  void stop() throws Exception {
    overlay.close();
  }

  /** Method, URI and headers in the head's order, then the body. */
  private static void echo(HttpServerRequest request) {
    request
        .body()
        .onSuccess(
            body -> {
              StringBuilder text = new StringBuilder(request.method() + " " + request.uri() + "\n");
              request
                  .headers()
                  .forEach(
                      header ->
                          text.append(header.getKey().toLowerCase(Locale.ROOT))
                              .append(": ")
                              .append(header.getValue())
                              .append('\n'));
              request.response().end(Buffer.buffer(text + "\n").appendBuffer(body));
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"})
  void method_uriHeadersAndBodyArrive(String method) throws Exception {
    HttpRequest.Builder request =
        overlay
            .request("/kiali/api/echo?a=%2F&b=1&b=2&c")
            .method(method, BodyPublishers.ofString("body of " + method))
            .header("authorization", "Bearer abc.def")
            .header("cookie", "kiali-token=1; kiali-token-1=2")
            .header("x-custom", "one")
            .header("x-custom", "two");
    HttpResponse<byte[]> answer = overlay.send(request);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(new String(answer.body(), StandardCharsets.UTF_8))
        .startsWith(method + " /kiali/api/echo?a=%2F&b=1&b=2&c\n")
        .contains("authorization: Bearer abc.def\n")
        .contains("cookie: kiali-token=1; kiali-token-1=2\n")
        .contains("x-custom: one\nx-custom: two\n")
        .doesNotContain("x-forwarded")
        .endsWith("\n\nbody of " + method);
    assertThat(overlay.outcome()).isEqualTo(Outcome.NOT_GRAPH);
  }

  @ParameterizedTest
  @ValueSource(strings = {"kiali.example.com", "kiali.example.com:8443", "[::1]:8093"})
  void host_isWhatTheClientNamed(String host) throws Exception {
    assertThat(
            raw("GET /kiali/api/echo HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n"))
        .contains("host: " + host + "\n");
  }

  @Test
  void connectionHeaders_stayOnTheirSide() throws Exception {
    String answer =
        raw(
            OverlayHarness.head(
                "GET /kiali/api/echo HTTP/1.1",
                "Connection: X-Mine",
                "X-Mine: 1",
                "Keep-Alive: 5",
                "Upgrade: h2c",
                "TE: trailers",
                "X-Theirs: 2"));
    assertThat(answer)
        .contains("x-theirs: 2\n")
        .doesNotContain("x-mine", "keep-alive", "upgrade", "te: trailers");
  }

  @Test
  void answer_isTheSameAsWithoutOverlay() throws Exception {
    byte[] gzipLike = bytes(5_000);
    overlay.kiali.on(
        "/kiali/static.js",
        request -> {
          request.response().setStatusCode(203).setStatusMessage("So to say");
          request.response().putHeader("date", "Fri, 06 Nov 2026 08:49:37 GMT");
          request.response().putHeader("content-type", "text/javascript;charset=UTF-8");
          request.response().putHeader("content-encoding", "br");
          request.response().putHeader("etag", "W/\"abc\"");
          request.response().putHeader("cache-control", "public, max-age=31536000");
          request.response().putHeader("last-modified", "Thu, 01 Jan 2026 00:00:00 GMT");
          request.response().putHeader("vary", "Accept-Encoding");
          request.response().headers().add("set-cookie", "a=1; HttpOnly");
          request.response().headers().add("set-cookie", "b=2; Path=/kiali");
          request.response().putHeader("www-authenticate", "Basic realm=\"kiali\"");
          request.response().end(Buffer.buffer(gzipLike));
        });
    String text = OverlayHarness.head("GET /kiali/static.js HTTP/1.1");
    String direct = OverlayHarness.raw(overlay.kiali.port(), text);
    String overlaid = raw(text);
    assertThat(head(overlaid)).isEqualTo(head(direct));
    assertThat(body(overlaid)).isEqualTo(body(direct));
    assertThat(overlaid).startsWith("HTTP/1.1 203 So to say\r\n");
  }

  @ParameterizedTest
  @ValueSource(ints = {204, 301, 302, 304, 307, 401, 403, 404, 500, 503})
  void status_andItsHeadersPass(int status) throws Exception {
    overlay.kiali.on(
        "/kiali/status",
        request ->
            request
                .response()
                .setStatusCode(status)
                .putHeader("location", "https://idp.example.com/auth?redirect_uri=%2Fkiali%2F")
                .putHeader("etag", "\"1\"")
                .end());
    String text = OverlayHarness.head("GET /kiali/status HTTP/1.1");
    String overlaid = raw(text);
    assertThat(overlaid)
        .startsWith("HTTP/1.1 " + status + " ")
        .contains("location: https://idp.example.com/auth?redirect_uri=%2Fkiali%2F\r\n");
    assertThat(body(overlaid)).isEmpty();
  }

  @Test
  void head_tellsTheLengthWithoutABody() throws Exception {
    overlay.kiali.json("/kiali/api/status", new byte[0], "content-length", "1234");
    String overlaid = raw(OverlayHarness.head("HEAD /kiali/api/status HTTP/1.1"));
    assertThat(overlaid).startsWith("HTTP/1.1 200 OK\r\n").contains("content-length: 1234\r\n");
    assertThat(body(overlaid)).isEmpty();
  }

  @Test
  void conditionalRequest_isAnsweredByKiali() throws Exception {
    overlay.kiali.on(
        "/kiali/static.js",
        request ->
            request
                .response()
                .setStatusCode("\"1\"".equals(request.getHeader("if-none-match")) ? 304 : 200)
                .end());
    assertThat(overlay.get("/kiali/static.js", "if-none-match", "\"1\"").statusCode())
        .isEqualTo(304);
  }

  @Test
  void longHeaders_pass() throws Exception {
    String cookie = "kiali=" + "x".repeat(60_000);
    String query = "?namespaces=" + "n".repeat(20_000);
    HttpResponse<byte[]> answer = overlay.get("/kiali/api/echo" + query, "cookie", cookie);
    assertThat(new String(answer.body(), StandardCharsets.UTF_8)).contains(cookie).contains(query);
  }

  @Test
  void connections_areKeptAlive() throws Exception {
    String request = "GET /kiali/api/echo HTTP/1.1\r\nHost: k\r\n";
    String both = raw(request + "\r\n" + request + "Connection: close\r\n\r\n");
    assertThat(both.split("HTTP/1\\.1 200 OK", -1)).hasSize(3);
    int connections = overlay.kiali.connections();
    for (int i = 0; i < 5; i++) {
      overlay.get("/kiali/api/echo");
    }
    assertThat(overlay.kiali.connections()).isEqualTo(connections);
  }

  @Test
  void closingKiali_doesNotCloseTheClient() throws Exception {
    overlay.kiali.on(
        "/kiali/close",
        request -> request.response().putHeader("connection", "close").end("closed"));
    String request = "GET /kiali/close HTTP/1.1\r\nHost: k\r\n";
    String both = raw(request + "\r\n" + request + "Connection: close\r\n\r\n");
    assertThat(both.split("closed", -1)).hasSize(3);
  }

  @Test
  void upload_streamsWithoutBeingHeld() throws Exception {
    int length = 50 << 20;
    CRC32 received = new CRC32();
    AtomicLong count = new AtomicLong();
    overlay.kiali.on(
        "/kiali/upload",
        request -> {
          request.handler(
              chunk -> {
                received.update(chunk.getBytes());
                count.addAndGet(chunk.length());
              });
          request.endHandler(end -> request.response().end(Long.toString(received.getValue())));
        });
    byte[] body = bytes(length);
    CRC32 sent = new CRC32();
    sent.update(body);
    HttpResponse<byte[]> answer =
        overlay.send(
            overlay
                .request("/kiali/upload")
                .expectContinue(true)
                .POST(BodyPublishers.ofByteArray(body)));
    assertThat(new String(answer.body(), StandardCharsets.UTF_8))
        .isEqualTo(Long.toString(sent.getValue()));
    assertThat(count.get()).isEqualTo(length);
  }

  @Test
  void chunkedUpload_staysChunked() throws Exception {
    String answer =
        raw(
            OverlayHarness.head("POST /kiali/api/echo HTTP/1.1", "Transfer-Encoding: chunked")
                + "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
    assertThat(answer).contains("transfer-encoding: chunked\n").endsWith("\n\nabcde");
  }

  @Test
  void slowReader_holdsKialiBack() throws Exception {
    HugeAnswer huge = new HugeAnswer(100 << 20);
    overlay.kiali.on("/kiali/huge", huge);
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), overlay.port())) {
      send(socket, OverlayHarness.head("GET /kiali/huge HTTP/1.1"));
      huge.awaitHeldBack();
      assertThat(huge.sent()).isLessThan(40 << 20);
      assertThat(socket.getInputStream().readAllBytes().length).isGreaterThan(100 << 20);
    }
  }

  @Test
  void clientThatLeavesWaiting_endsKialisRequest() throws Exception {
    AtomicBoolean asked = new AtomicBoolean();
    AtomicBoolean left = new AtomicBoolean();
    overlay.kiali.on(
        "/kiali/slow",
        request -> {
          asked.set(true);
          request.response().closeHandler(close -> left.set(true));
        });
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), overlay.port())) {
      send(socket, "GET /kiali/slow HTTP/1.1\r\nHost: k\r\n\r\n");
      await().untilTrue(asked);
    }
    await().untilTrue(left);
  }

  @Test
  void clientThatLeavesReading_endsKialisAnswer() throws Exception {
    HugeAnswer huge = new HugeAnswer(1 << 30);
    overlay.kiali.on("/kiali/huge", huge);
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), overlay.port())) {
      send(socket, "GET /kiali/huge HTTP/1.1\r\nHost: k\r\n\r\n");
      assertThat(socket.getInputStream().readNBytes(100_000)).hasSize(100_000);
    }
    await().until(huge::isClosed);
  }

  @Test
  void answerThatBreaksOff_breaksOff() {
    overlay.kiali.on(
        "/kiali/broken",
        request ->
            request
                .response()
                .putHeader("content-length", "1000")
                .write("some")
                .onComplete(written -> request.connection().close()));
    assertThatThrownBy(() -> overlay.get("/kiali/broken")).isInstanceOf(IOException.class);
  }

  @Test
  void absentKiali_is502WithTheReason() throws Exception {
    int free;
    try (ServerSocket socket = new ServerSocket(0)) {
      free = socket.getLocalPort();
    }
    URI url = URI.create("http://127.0.0.1:" + free);
    int port = overlay.deploy(OverlayHarness.settings(url), new OverlayHarness.Edges());
    for (String path : List.of("/kiali/", FakeKiali.GRAPH)) {
      String answer =
          OverlayHarness.raw(
              port,
              "POST "
                  + path
                  + " HTTP/1.1\r\nHost: k\r\nConnection: close\r\nContent-Length: 3\r\n\r\nabc");
      assertThat(answer)
          .startsWith("HTTP/1.1 502 ")
          .endsWith("Sidelight overlay: Kiali at " + url + " cannot be reached.\n");
    }
    assertThat(overlay.outcomes).containsOnly(Outcome.UNREACHABLE).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/kiali/silent", FakeKiali.GRAPH})
  void silentKiali_is504(String path) throws Exception {
    overlay.kiali.on(path, request -> {});
    int port =
        overlay.deploy(
            OverlayHarness.settings(overlay.kiali.url(), 1000, 10_000, 200),
            new OverlayHarness.Edges());
    assertThat(OverlayHarness.raw(port, OverlayHarness.head("GET " + path + " HTTP/1.1")))
        .startsWith("HTTP/1.1 504 ")
        .contains("said nothing for");
    assertThat(overlay.outcome()).isEqualTo(Outcome.SILENT);
  }

  @Test
  void slowKiali_streamsAsItComes() throws Exception {
    AtomicReference<HttpServerRequest> open = new AtomicReference<>();
    overlay.kiali.on(
        "/kiali/drip",
        request -> {
          request.response().setChunked(true).write("first");
          open.set(request);
        });
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), overlay.port())) {
      send(socket, OverlayHarness.head("GET /kiali/drip HTTP/1.1"));
      byte[] buffer = new byte[4096];
      StringBuilder text = new StringBuilder();
      while (!text.toString().contains("first")) {
        text.append(
            new String(buffer, 0, socket.getInputStream().read(buffer), StandardCharsets.UTF_8));
      }
      overlay.vertx.runOnContext(now -> open.get().response().end("second"));
      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .contains("second");
    }
  }

  @Test
  void manyAtOnce_doNotWaitForOneAnother() throws Exception {
    List<HttpServerRequest> waiting = new CopyOnWriteArrayList<>();
    overlay.kiali.on("/kiali/wait", waiting::add);
    List<CompletableFuture<Integer>> answers =
        IntStream.range(0, 50)
            .mapToObj(
                i ->
                    CompletableFuture.supplyAsync(
                        () -> {
                          try {
                            return overlay.get("/kiali/wait").statusCode();
                          } catch (Exception e) {
                            throw new IllegalStateException(e);
                          }
                        },
                        runnable -> new Thread(runnable).start()))
            .toList();
    await().until(() -> waiting.size() == 50);
    waiting.forEach(request -> request.response().end());
    assertThat(answers).allSatisfy(answer -> assertThat(answer.get()).isEqualTo(200));
  }

  private String raw(String text) throws IOException {
    return OverlayHarness.raw(overlay.port(), text);
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** The order of headers means nothing; their spelling and number do. */
  private static Set<String> head(String answer) {
    String head = answer.substring(0, answer.indexOf("\r\n\r\n"));
    Set<String> lines = new TreeSet<>(Arrays.asList(head.split("\r\n", -1)));
    assertThat(lines).hasSize(head.split("\r\n", -1).length);
    lines.removeIf(line -> line.startsWith("connection: "));
    return lines;
  }

  private static String body(String answer) {
    return answer.substring(answer.indexOf("\r\n\r\n") + 4);
  }

  private static byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    new Random(1).nextBytes(bytes);
    return bytes;
  }
}
