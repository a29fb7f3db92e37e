/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.overlay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** WebSockets pass, and what refuses them. */
final class OverlayWebSocketTest {

  /** More than twice what the kernel buffers of four sockets, where it lets each grow to 32 MB. */
  private static final int MUCH = 400 << 20;

  private static final String UPGRADE =
      OverlayHarness.head(
          "GET /kiali/api/socket HTTP/1.1",
          "Connection: Upgrade",
          "Upgrade: websocket",
          "Sec-WebSocket-Version: 13",
          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");

  private OverlayHarness overlay;
  private HttpServer kiali;
  private WebSocketClient client;
  private int port;
  private final AtomicBoolean closed = new AtomicBoolean();

  @BeforeEach
  void start() throws Exception {
    overlay = new OverlayHarness();
    kiali =
        overlay
            .vertx
            .createHttpServer(
                new HttpServerOptions()
                    .setPort(0)
                    .setHost("127.0.0.1")
                    .setMaxWebSocketFrameSize(2 << 20)
                    .addWebSocketSubProtocol("v1.kiali"))
            .webSocketHandler(
                socket -> {
                  if (socket.path().endsWith("/text")) {
                    socket.textMessageHandler(socket::writeTextMessage);
                  } else {
                    socket.pipeTo(socket);
                  }
                  socket.closeHandler(close -> closed.set(true));
                })
            .requestHandler(request -> {}); // silent to what is no WebSocket
    kiali.listen().await(10, TimeUnit.SECONDS);
    port =
        overlay.deploy(
            OverlayHarness.settings(
                URI.create("http://127.0.0.1:" + kiali.actualPort()), 1000, 10_000, 200),
            new OverlayHarness.Edges());
    client = overlay.vertx.createWebSocketClient();
  }

  @AfterEach
  void stop() throws Exception {
    overlay.close();
  }

  private WebSocket connect() throws Exception {
    return connect("/kiali/api/socket");
  }

  private WebSocket connect(String uri) throws Exception {
    return client
        .connect(
            new WebSocketConnectOptions()
                .setHost("127.0.0.1")
                .setPort(port)
                .setURI(uri)
                .setSubProtocols(List.of("v1.kiali")))
        .await(10, TimeUnit.SECONDS);
  }

  @Test
  void messages_goBothWaysInTheirOrder() throws Exception {
    WebSocket socket = connect();
    assertThat(socket.subProtocol()).isEqualTo("v1.kiali");
    Buffer received = Buffer.buffer();
    Queue<Integer> lengths = new ConcurrentLinkedQueue<>();
    socket.handler(
        bytes -> {
          received.appendBuffer(bytes);
          lengths.add(received.length());
        });
    Buffer sent = Buffer.buffer();
    for (int i = 0; i < 100; i++) {
      Buffer part = Buffer.buffer("part " + i + " ".repeat(10_000));
      sent.appendBuffer(part);
      socket.write(part);
    }
    await().until(() -> lengths.contains(sent.length()));
    assertThat(received).isEqualTo(sent);
  }

  @Test
  void idleSocket_outlivesKialisSilence() throws Exception {
    WebSocket socket = connect("/kiali/api/text");
    Queue<String> received = new ConcurrentLinkedQueue<>();
    socket.textMessageHandler(received::add);
    // Kiali's silence has ended another request meanwhile.
    assertThat(OverlayHarness.raw(port, OverlayHarness.head("GET /kiali/silent HTTP/1.1")))
        .startsWith("HTTP/1.1 504 ");
    socket.writeTextMessage("still there");
    await().until(() -> received.contains("still there"));
  }

  @Test
  void slowReader_holdsTheOtherSideBack() throws Exception {
    WebSocket socket = connect();
    AtomicLong received = new AtomicLong();
    socket.handler(bytes -> received.addAndGet(bytes.length()));
    socket.pause();
    AtomicLong sent = new AtomicLong();
    Buffer part = Buffer.buffer(new byte[64 << 10]);
    // The echo stops to read when what it sends is not taken, and so does the overlay.
    socket.drainHandler(drained -> send(socket, part, sent));
    overlay.vertx.runOnContext(now -> send(socket, part, sent));
    AtomicLong last = new AtomicLong(-1);
    await()
        .during(Duration.ofMillis(300))
        .until(() -> sent.get() > 0 && last.getAndSet(sent.get()) == sent.get());
    assertThat(sent.get()).isLessThan(MUCH / 2);
    socket.resume();
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> sent.get() == MUCH && received.get() == sent.get());
  }

  /** One at a time: the drain handler's thread and the first call's would both send a last part. */
  private static synchronized void send(WebSocket socket, Buffer part, AtomicLong sent) {
    while (sent.get() < MUCH && !socket.writeQueueFull()) {
      socket.write(part);
      sent.addAndGet(part.length());
    }
  }

  @Test
  void closing_isToldToTheOtherSide() throws Exception {
    connect().close();
    await().untilTrue(closed);
  }

  @Test
  void refusal_passesWithHeadersAndBody() throws Exception {
    HttpServer refusing =
        overlay
            .vertx
            .createHttpServer()
            .requestHandler(
                request ->
                    request
                        .response()
                        .setStatusCode(401)
                        .putHeader("www-authenticate", "Bearer")
                        .end("who are you?"));
    refusing.listen(0, "127.0.0.1").await(10, TimeUnit.SECONDS);
    int before =
        overlay.deploy(
            OverlayHarness.settings(
                URI.create("http://127.0.0.1:" + refusing.actualPort()), 1000, 10_000, 200),
            new OverlayHarness.Edges());
    String answer = OverlayHarness.raw(before, UPGRADE);
    assertThat(answer)
        .startsWith("HTTP/1.1 401 ")
        .contains("www-authenticate: Bearer\r\n")
        .endsWith("who are you?");
    assertThat(overlay.outcomes).containsExactly(Outcome.NOT_GRAPH);
  }

  @Test
  void absentKiali_is502() throws Exception {
    kiali.close().await(10, TimeUnit.SECONDS);
    assertThat(OverlayHarness.raw(port, UPGRADE))
        .startsWith("HTTP/1.1 502 ")
        .contains("cannot be reached");
  }
}
