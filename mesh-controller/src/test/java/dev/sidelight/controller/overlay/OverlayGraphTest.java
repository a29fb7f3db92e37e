/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.overlay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Graphs gain the sidecars, or pass as they are, with the reason. */
final class OverlayGraphTest {

  private static final byte[] RECORDED = FakeKiali.recorded("workload");
  private static final String GRAPH = FakeKiali.GRAPH;

  private OverlayHarness overlay;

  @BeforeEach
  void start() throws Exception {
    overlay = new OverlayHarness();
  }

  @AfterEach
  void stop() throws Exception {
    overlay.close();
  }

  @Test
  void graph_gainsTheSidecarsWithTheTimesOfEachPassage() throws Exception {
    overlay.kiali.json(GRAPH, RECORDED);
    HttpResponse<byte[]> answer = overlay.start().get(GRAPH + "?namespaces=bookinfo");
    assertThat(Json.hops(answer.body()))
        .containsExactlyInAnyOrder(
            "productpage-v1 -> productpage-v1 sidecar (out) http 33",
            "productpage-v1 sidecar (out) -> reviews-v1 sidecar (in) http 23",
            "reviews-v1 sidecar (in) -> reviews-v1 http 13");
    Json.assertThatOnlyOursIsAdded(answer.body(), RECORDED);
    Json.assertThatGraphHoldsTogether(answer.body());
    assertThat(answer.headers().firstValue("content-length"))
        .contains(Integer.toString(answer.body().length));
    assertThat(overlay.outcome()).isEqualTo(Outcome.CHANGED);
    assertThat(overlay.changes).hasValue(1);
  }

  @ParameterizedTest
  @CsvSource({"avg, 31", "50, 32", "95, 33", "99, 34", "'', 33"})
  void responseTime_isTheOneAskedFor(String parameter, String millis) throws Exception {
    overlay.kiali.json(GRAPH, RECORDED);
    byte[] graph = overlay.start().get(GRAPH + "?responseTime=" + parameter).body();
    assertThat(Json.hops(graph))
        .contains("productpage-v1 -> productpage-v1 sidecar (out) http " + millis);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/namespaces/graph",
        "/kiali/api/namespaces/graph",
        "/a/b/api/namespaces/graph",
        "/kiali/api/namespaces/bookinfo/workloads/productpage-v1/graph",
        "/kiali/api/namespaces/bookinfo/services/reviews/graph",
        "/kiali/api/namespaces/bookinfo/applications/reviews/graph",
        "/kiali/api/namespaces/bookinfo/applications/reviews/versions/v1/graph"
      })
  void graphPath_isKnownUnderAnyBasePath(String path) throws Exception {
    overlay.kiali.json(path, RECORDED);
    assertThat(overlay.start().get(path).body().length).isGreaterThan(RECORDED.length);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/kiali/api/namespaces/graphs",
        "/kiali/api/namespaces/graph/more",
        "/kiali/api/mesh/graph",
        "/kiali/api/namespaces/bookinfo/graph"
      })
  void otherPath_passesWhateverItAnswers(String path) throws Exception {
    overlay.kiali.json(path, RECORDED);
    assertThat(overlay.start().get(path).body()).isEqualTo(RECORDED);
    assertThat(overlay.outcome()).isEqualTo(Outcome.NOT_GRAPH);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "x-gzip", "deflate"})
  void compressedGraph_isChangedInItsCoding(String coding) throws Exception {
    overlay.kiali.json(GRAPH, compress(coding, RECORDED), "content-encoding", coding);
    HttpResponse<byte[]> answer =
        overlay.start().get(GRAPH, "accept-encoding", "gzip, deflate, br");
    assertThat(answer.headers().firstValue("content-encoding")).contains(coding);
    assertThat(answer.headers().firstValue("content-length"))
        .contains(Integer.toString(answer.body().length));
    Json.assertThatOnlyOursIsAdded(decompress(coding, answer.body()), RECORDED);
  }

  @Test
  void deflateWithoutItsHead_isReadAsWell() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out =
        new DeflaterOutputStream(bytes, new Deflater(Deflater.DEFAULT_COMPRESSION, true))) {
      out.write(RECORDED);
    }
    overlay.kiali.json(GRAPH, bytes.toByteArray(), "content-encoding", "deflate");
    Json.assertThatOnlyOursIsAdded(
        decompress("deflate", overlay.start().get(GRAPH).body()), RECORDED);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gzip, deflate, br, zstd|gzip",
        "br;q=1.0, gzip;q=0.8|gzip",
        "deflate, br|deflate",
        "gzip;q=0, deflate;q=0.5|deflate",
        "br|identity",
        "*|gzip"
      })
  void kiali_isAskedForWhatCanBeRead(String accepted, String asked) throws Exception {
    AtomicReference<String> seen = new AtomicReference<>();
    overlay.kiali.on(
        GRAPH,
        request -> {
          seen.set(String.join(", ", request.headers().getAll("accept-encoding")));
          request.response().end();
        });
    overlay.start().get(GRAPH, "accept-encoding", accepted);
    assertThat(seen).hasValue(asked);
    overlay.get(GRAPH);
    assertThat(seen).hasValue("");
  }

  @Test
  void validators_areKialisOnlyWhereTheBodyIs() throws Exception {
    AtomicReference<HttpServerRequest> seen = new AtomicReference<>();
    overlay.kiali.on(
        GRAPH,
        request -> {
          seen.set(request);
          request
              .response()
              .putHeader("content-type", "application/json; charset=utf-8")
              .putHeader("etag", "\"kiali\"")
              .putHeader("last-modified", "Fri, 27 Nov 2026 12:00:00 GMT")
              .putHeader("cache-control", "private")
              .end(Buffer.buffer("1".equals(request.getParam("broken")) ? "{" : text(RECORDED)));
        });
    overlay.start();
    HttpResponse<byte[]> changed = overlay.get(GRAPH, "if-none-match", "\"kiali\"");
    assertThat(changed.headers().map())
        .doesNotContainKeys("etag", "last-modified")
        .containsEntry("cache-control", List.of("private"))
        .containsEntry("content-type", List.of("application/json; charset=utf-8"));
    assertThat(seen.get().headers().contains("if-none-match")).isFalse();
    assertThat(overlay.get(GRAPH + "?broken=1").headers().firstValue("etag")).contains("\"kiali\"");
  }

  @ParameterizedTest
  @CsvSource({
    "200, text/html, NOT_JSON",
    "200, , NOT_JSON",
    "304, application/json, STATUS",
    "403, application/json, STATUS",
    "500, application/json, STATUS"
  })
  void otherAnswer_passes(int status, String contentType, Outcome reason) throws Exception {
    overlay.kiali.on(
        GRAPH,
        request -> {
          HttpServerResponse response = request.response().setStatusCode(status);
          if (contentType != null) {
            response.putHeader("content-type", contentType);
          }
          response.end(status == 304 ? Buffer.buffer() : Buffer.buffer(RECORDED));
        });
    HttpResponse<byte[]> answer = overlay.start().get(GRAPH);
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.body()).isEqualTo(status == 304 ? new byte[0] : RECORDED);
    assertThat(overlay.outcome()).isEqualTo(reason);
  }

  @ParameterizedTest
  @CsvSource({"br", "zstd", "'gzip, br'", "gzip", "deflate"})
  void undecodableGraph_passes(String coding) throws Exception {
    byte[] noise = {31, -117, 8, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
    overlay.kiali.json(GRAPH, noise, "content-encoding", coding);
    HttpResponse<byte[]> answer = overlay.start().get(GRAPH, "accept-encoding", "gzip, br");
    assertThat(answer.body()).isEqualTo(noise);
    assertThat(answer.headers().firstValue("content-encoding")).contains(coding);
    assertThat(overlay.outcome()).isEqualTo(Outcome.UNDECODABLE);
  }

  @Test
  void truncatedGzip_passes() throws Exception {
    byte[] whole = compress("gzip", RECORDED);
    byte[] part = Arrays.copyOf(whole, whole.length - 100);
    overlay.kiali.json(GRAPH, part, "content-encoding", "gzip");
    assertThat(overlay.start().get(GRAPH).body()).isEqualTo(part);
    assertThat(overlay.outcome()).isEqualTo(Outcome.UNDECODABLE);
  }

  @Test
  void gzipOfAHugeGraph_isNotUnpacked() throws Exception {
    byte[] bomb = compress("gzip", new byte[64 << 20]);
    overlay.kiali.json(GRAPH, bomb, "content-encoding", "gzip");
    assertThat(overlay.start().get(GRAPH).body()).isEqualTo(bomb);
    assertThat(overlay.outcome()).isEqualTo(Outcome.TOO_LARGE);
  }

  @Test
  void truncatedJson_passes() throws Exception {
    byte[] part = Arrays.copyOf(RECORDED, RECORDED.length / 2);
    overlay.kiali.json(GRAPH, part);
    assertThat(overlay.start().get(GRAPH).body()).isEqualTo(part);
    assertThat(overlay.outcome()).isEqualTo(Outcome.NOT_JSON);
  }

  @Test
  void queryThatCannotBeDecoded_isKialisToRefuse() throws Exception {
    overlay.kiali.json(GRAPH, RECORDED);
    assertThat(
            OverlayHarness.raw(
                overlay.start().port(),
                OverlayHarness.head("GET " + GRAPH + "?responseTime=%zz&%=%% HTTP/1.1")))
        .startsWith("HTTP/1.1 200 OK")
        .endsWith(text(RECORDED));
  }

  @Test
  void serviceGraph_passes() throws Exception {
    byte[] recorded = FakeKiali.recorded("service");
    overlay.kiali.json(GRAPH, recorded);
    assertThat(overlay.start().get(GRAPH + "?graphType=service").body()).isEqualTo(recorded);
    assertThat(overlay.outcome()).isEqualTo(Outcome.PARAMETERS);
  }

  @Test
  void hugeGraphOfKnownLength_passesStreaming() throws Exception {
    byte[] huge = (text(RECORDED) + " ".repeat(9 << 20)).getBytes(StandardCharsets.UTF_8);
    overlay.kiali.json(GRAPH, huge);
    assertThat(overlay.start().get(GRAPH).body()).isEqualTo(huge);
    assertThat(overlay.outcome()).isEqualTo(Outcome.TOO_LARGE);
  }

  @Test
  void hugeGraph_isNotHeldAndHoldsKialiBack() throws Exception {
    HugeAnswer huge = new HugeAnswer(100 << 20);
    overlay.kiali.on(GRAPH, huge);
    overlay.start();
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), overlay.port())) {
      socket
          .getOutputStream()
          .write(
              OverlayHarness.head("GET " + GRAPH + " HTTP/1.1")
                  .getBytes(StandardCharsets.ISO_8859_1));
      huge.awaitHeldBack();
      assertThat(huge.sent()).isLessThan(48 << 20);
      assertThat(overlay.outcome()).isEqualTo(Outcome.TOO_LARGE);
      assertThat(socket.getInputStream().readAllBytes().length).isGreaterThan(100 << 20);
    }
  }

  @Test
  void slowGraph_isChangedWhenItEndsInTime() throws Exception {
    drip(RECORDED, 1000);
    Json.assertThatOnlyOursIsAdded(overlay.start().get(GRAPH).body(), RECORDED);
  }

  @Test
  void tooSlowGraph_passesFromWhereItIs() throws Exception {
    drip(RECORDED, 200);
    overlay.start(
        OverlayHarness.settings(overlay.kiali.url(), 1 << 20, 20, 30_000),
        new OverlayHarness.Edges());
    assertThat(overlay.get(GRAPH).body()).isEqualTo(RECORDED);
    assertThat(overlay.outcome()).isEqualTo(Outcome.TIMEOUT);
  }

  @Test
  void slowFigures_letTheGraphPass() throws Exception {
    CountDownLatch hold = new CountDownLatch(1);
    overlay.kiali.json(GRAPH, RECORDED);
    overlay.start(
        OverlayHarness.settings(overlay.kiali.url(), 1 << 20, 100, 30_000),
        new OverlayHarness.Edges() {
          @Override
          public List<OverlayEdge> edges(int windowSeconds, long lastEpochSecond) {
            try {
              hold.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
            return super.edges(windowSeconds, lastEpochSecond);
          }
        });
    assertThat(overlay.get(GRAPH).body()).isEqualTo(RECORDED);
    hold.countDown();
    assertThat(overlay.outcome()).isEqualTo(Outcome.TIMEOUT);
    await().until(() -> overlay.changes.get() == 1);
    assertThat(overlay.outcomes).hasSize(1);
  }

  @Test
  void failingFigures_letTheGraphPass() throws Exception {
    overlay.kiali.json(GRAPH, RECORDED);
    overlay.start(
        OverlayHarness.settings(overlay.kiali.url()),
        new OverlayHarness.Edges() {
          @Override
          public Map<String, OverlayDuration> durations(
              int windowSeconds,
              long lastEpochSecond,
              BiFunction<OverlayEdge.Key, Passage, String> group) {
            throw new IllegalStateException("as a test wants it");
          }
        });
    assertThat(overlay.get(GRAPH).body()).isEqualTo(RECORDED);
    assertThat(overlay.outcome()).isEqualTo(Outcome.ERROR);
  }

  @Test
  void noCalls_letTheGraphPass() throws Exception {
    overlay.kiali.json(GRAPH, RECORDED);
    overlay.start(
        OverlayHarness.settings(overlay.kiali.url()),
        new OverlayHarness.Edges() {
          @Override
          public List<OverlayEdge> edges(int windowSeconds, long lastEpochSecond) {
            return List.of();
          }
        });
    assertThat(overlay.get(GRAPH).body()).isEqualTo(RECORDED);
    assertThat(overlay.outcome()).isEqualTo(Outcome.NO_EDGES);
  }

  @Test
  void tooManyAtOnce_passWithoutBeingHeld() throws Exception {
    Queue<HttpServerRequest> open = new ConcurrentLinkedQueue<>();
    overlay.kiali.on(
        GRAPH,
        request -> {
          request.response().setChunked(true).putHeader("content-type", "application/json");
          request.response().write(Buffer.buffer(RECORDED).slice(0, 100));
          open.add(request);
        });
    overlay.start();
    List<CompletableFuture<byte[]>> answers =
        IntStream.range(0, 5)
            .mapToObj(i -> CompletableFuture.supplyAsync(this::graph, OverlayGraphTest::inThread))
            .toList();
    assertThat(overlay.outcome()).isEqualTo(Outcome.BUSY);
    await().until(() -> open.size() == 5);
    open.forEach(
        request -> request.response().end(Buffer.buffer(RECORDED).slice(100, RECORDED.length)));
    assertThat(answers).filteredOn(answer -> answer.join().length > RECORDED.length).hasSize(4);
    assertThat(answers).filteredOn(answer -> Arrays.equals(answer.join(), RECORDED)).hasSize(1);
    overlay.kiali.json(GRAPH, RECORDED);
    assertThat(graph().length).as("room again").isGreaterThan(RECORDED.length);
  }

  @Test
  void overlayBeforeAnOverlay_addsNothing() throws Exception {
    overlay.kiali.json(GRAPH, RECORDED);
    overlay.start();
    byte[] once = overlay.get(GRAPH).body();
    overlay.outcomes.clear();
    overlay.start(OverlayHarness.settings(overlay.uri("")), new OverlayHarness.Edges());
    assertThat(overlay.get(GRAPH).body()).isEqualTo(once);
    assertThat(overlay.outcomes).containsExactlyInAnyOrder(Outcome.CHANGED, Outcome.ID_TAKEN);
  }

  @Test
  void graphThatBreaksOff_is502() throws Exception {
    overlay.kiali.on(
        GRAPH,
        request ->
            request
                .response()
                .putHeader("content-type", "application/json")
                .putHeader("content-length", "1000")
                .write("{\"timestamp\"")
                .onComplete(written -> request.connection().close()));
    HttpResponse<byte[]> answer = overlay.start().get(GRAPH);
    assertThat(answer.statusCode()).isEqualTo(502);
    assertThat(text(answer.body())).contains("broke off");
    assertThat(overlay.outcome()).isEqualTo(Outcome.BROKEN_OFF);
  }

  @Test
  void clientThatLeavesMeanwhile_endsKialisAnswer() throws Exception {
    AtomicBoolean asked = new AtomicBoolean();
    AtomicBoolean left = new AtomicBoolean();
    overlay.kiali.on(
        GRAPH,
        request -> {
          HttpServerResponse response = request.response();
          response.closeHandler(close -> left.set(true));
          response.setChunked(true).putHeader("content-type", "application/json");
          response.write("{").onSuccess(written -> asked.set(true));
        });
    overlay.start();
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), overlay.port())) {
      socket
          .getOutputStream()
          .write(
              OverlayHarness.head("GET " + GRAPH + " HTTP/1.1")
                  .getBytes(StandardCharsets.ISO_8859_1));
      await().untilTrue(asked);
    }
    await().untilTrue(left);
    assertThat(overlay.outcome()).isEqualTo(Outcome.BROKEN_OFF);
  }

  private byte[] graph() {
    try {
      return overlay.get(GRAPH).body();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static void inThread(Runnable task) {
    new Thread(task).start();
  }

  /** One piece a millisecond. */
  private void drip(byte[] body, int pieceBytes) {
    overlay.kiali.on(
        GRAPH,
        request -> {
          request.response().setChunked(true).putHeader("content-type", "application/json");
          int[] at = new int[1];
          overlay.vertx.setPeriodic(
              1,
              timer -> {
                int end = Math.min(body.length, at[0] + pieceBytes);
                request.response().write(Buffer.buffer(body).slice(at[0], end));
                at[0] = end;
                if (end == body.length) {
                  overlay.vertx.cancelTimer(timer);
                  request.response().end();
                }
              });
        });
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static byte[] compress(String coding, byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out =
        coding.equals("deflate") ? new DeflaterOutputStream(bytes) : new GZIPOutputStream(bytes)) {
      out.write(content);
    }
    return bytes.toByteArray();
  }

  private static byte[] decompress(String coding, byte[] body) throws IOException {
    InputStream bytes = new ByteArrayInputStream(body);
    try (InputStream in =
        coding.equals("deflate") ? new InflaterInputStream(bytes) : new GZIPInputStream(bytes)) {
      return in.readAllBytes();
    }
  }
}
