/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PageRoutesTest {

  private static final Pattern LINK = Pattern.compile("(?:src|href)=\"([^#\"]+)\"");

  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client = HttpClient.newHttpClient();
  private HttpServer server;

  @BeforeEach
  void listen() throws Exception {
    Router router = Router.router(vertx);
    new PageRoutes(vertx).addTo(router);
    server =
        vertx
            .createHttpServer()
            .requestHandler(router)
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .get(10, TimeUnit.SECONDS);
  }

  @AfterEach
  void close() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  @Test
  void index_linksToWhatIsThere() throws Exception {
    String index = text(get("/"));
    List<String> links =
        LINK.matcher(index)
            .results()
            .map(link -> link.group(1))
            .filter(link -> !link.startsWith("/api/"))
            .toList();
    assertThat(links).contains("page/main.js", "page/page.css", "page/icon.svg");
    for (String link : links) {
      assertThat(get("/" + link).statusCode()).as(link).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/, text/html; charset=utf-8",
    "/page/main.js, text/javascript; charset=utf-8",
    "/page/cytoscape.esm.min.mjs, text/javascript; charset=utf-8",
    "/page/page.css, text/css; charset=utf-8",
    "/page/icon.svg, image/svg+xml"
  })
  void file_isOfItsTypeAndUnderThePolicy(String path, String contentType) throws Exception {
    HttpResponse<byte[]> response = get(path);
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(header(response, "content-type")).isEqualTo(contentType);
    assertThat(header(response, "content-security-policy"))
        .contains("default-src 'self'")
        .doesNotContain("unsafe", "http", "*", "data:");
    assertThat(header(response, "x-content-type-options")).isEqualTo("nosniff");
  }

  @Test
  void file_thatTheBrowserHas_isNotSentAgain() throws Exception {
    HttpResponse<byte[]> first = get("/page/main.js");
    assertThat(header(first, "cache-control")).isEqualTo("no-cache");
    HttpResponse<byte[]> second = get("/page/main.js", "if-none-match", header(first, "etag"));
    assertThat(second.statusCode()).isEqualTo(304);
    assertThat(second.body()).isEmpty();
    HttpResponse<byte[]> other = get("/page/main.js", "if-none-match", "\"another\"");
    assertThat(other.statusCode()).isEqualTo(200);
  }

  @Test
  void file_isCompressedWhereThatIsAccepted() throws Exception {
    HttpResponse<byte[]> plain = get("/page/main.js");
    HttpResponse<byte[]> compressed = get("/page/main.js", "accept-encoding", "gzip, br");
    assertThat(plain.headers().firstValue("content-encoding")).isEmpty();
    assertThat(header(compressed, "content-encoding")).isEqualTo("gzip");
    try (GZIPInputStream body = new GZIPInputStream(new ByteArrayInputStream(compressed.body()))) {
      assertThat(body.readAllBytes()).isEqualTo(plain.body());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nothing.js",
        "package.json",
        "PageFiles.class",
        "..%2fPageFiles.class",
        "..%2Fpage%2Fmain.js",
        "%2e%2e/PageFiles.class",
        "main.js%00.css",
        "sub/main.js",
        ""
      })
  void otherNames_areNotServed(String name) throws Exception {
    assertThat(get("/page/" + name).statusCode()).isEqualTo(404);
  }

  private HttpResponse<byte[]> get(String path, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.actualPort() + path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  private static String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }

  private static String text(HttpResponse<byte[]> response) {
    return new String(response.body(), StandardCharsets.UTF_8);
  }
}
