/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidelight.controller.als.AccessLogService;
import io.grpc.Status;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The main program, run in this process. */
class SidelightControllerTest {

  @TempDir Path directory;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final List<Controller> started = new ArrayList<>();

  @AfterEach
  void stop() {
    started.forEach(Controller::close);
  }

  @Test
  void ready_isOneLineAndItAnswers() throws Exception {
    assertThat(run("--http.port=0", "--als.port=0", "--hop.port=0")).isZero();

    Controller controller = started.get(0);
    assertThat(out.toString())
        .isEqualTo(
            "sidelight-controller ready http=127.0.0.1:%d als=127.0.0.1:%d hop=127.0.0.1:%d%n"
                .formatted(controller.httpPort(), controller.alsPort(), controller.hopPort()));
    assertThat(get("/readyz")).isEqualTo("ready\n");
    assertThat(get("/metrics")).contains("sidelight_als_streams 0.0");
    assertThat(get("/api/v1/edges?window=60s"))
        .isEqualTo("{\"windowSeconds\":60,\"resolution\":\"calls\",\"edges\":[]}");
    assertThat(get("/api/namespaces/graph?namespaces=bookinfo")).contains("not accessible");
  }

  @Test
  void overlay_isServedWhereItHasAKiali() throws Exception {
    int free;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = socket.getLocalPort();
    }
    assertThat(
            run(
                "--http.port=0",
                "--als.port=0",
                "--hop.port=0",
                "--overlay.port=0",
                "--overlay.kialiUrl=http://127.0.0.1:" + free))
        .isZero();
    int port = started.get(0).overlayPort();
    assertThat(out.toString().strip()).endsWith(" overlay=127.0.0.1:" + port);
    assertThat(get(port, "/kiali/"))
        .isEqualTo(
            "Sidelight overlay: Kiali at http://127.0.0.1:" + free + " cannot be reached.\n");
    assertThat(get("/metrics"))
        .contains(
            "sidelight_overlay_responses_total{outcome=\"failed\",reason=\"unreachable\",} 1.0");
  }

  @Test
  void badSettings_stopTheStartWithOneLine() {
    assertStopsWith("als.port: \"x\" (command line) is not", Map.of(), "--als.port=x");
    assertStopsWith(
        "hop.port: \"-1\" (environment SIDELIGHT_HOP_PORT) is not",
        Map.of("SIDELIGHT_HOP_PORT", "-1"));
    assertStopsWith("Unknown option: '--als.prot=1'", Map.of(), "--als.prot=1");
    assertStopsWith("--config: cannot read", Map.of(), "--config", directory + "/missing");
    assertStopsWith(
        "xds.meshFile: ", Map.of(), "--xds.meshFile=" + directory + "/missing", "--http.port=0");
    assertStopsWith(
        "als.socketPath: " + directory + "/no/als.sock is in no directory",
        Map.of(),
        "--als.socketPath=" + directory + "/no/als.sock");
  }

  @Test
  void takenPort_stopsTheStartWithOneLine() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();
      assertStopsWith(
          "als.port: cannot listen on 127.0.0.1:" + port,
          Map.of(),
          "--http.port=0",
          "--hop.port=0",
          "--als.port=" + port);
    }
  }

  @Test
  void staleSocket_isReplacedAndRemovedAtTheEnd() throws Exception {
    Path socket = directory.resolve("als.sock");
    // Closing the channel leaves the file, as a kill does.
    try (ServerSocketChannel stale = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      stale.bind(UnixDomainSocketAddress.of(socket));
    }
    assertThat(socket).exists();

    assertThat(runOn(socket)).isZero();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
        .isEqualTo("rw-rw----");
    try (GrpcStream stream = GrpcStream.unix(socket, AccessLogService.FULL_METHOD_NAME)) {
      stream.halfClose();
      assertThat(stream.status().get(10, TimeUnit.SECONDS).getCode()).isEqualTo(Status.Code.OK);
    }
    started.get(0).close();
    assertThat(socket).doesNotExist();

    assertThat(runOn(socket)).isZero();
  }

  @Test
  void socketInUseOrNoSocket_stopsTheStart() throws Exception {
    Path socket = directory.resolve("als.sock");
    assertThat(runOn(socket)).isZero();
    assertThat(runOn(socket)).isEqualTo(2);
    assertThat(err.toString()).contains("als.socketPath: " + socket + " is in use");

    Path file = Files.writeString(directory.resolve("precious.txt"), "kept");
    assertThat(runOn(file)).isEqualTo(2);
    assertThat(err.toString()).contains("als.socketPath: " + file + " is a file, not a socket");
    assertThat(file).hasContent("kept");
    assertThat(socket).exists();
  }

  @Test
  void help_namesEverySetting() {
    assertThat(run("--help")).isZero();
    for (Setting setting : Setting.values()) {
      assertThat(out.toString()).contains("--" + setting.key());
    }
  }

  private int runOn(Path socket) {
    return run("--http.port=0", "--als.port=0", "--hop.port=0", "--als.socketPath=" + socket);
  }

  private void assertStopsWith(String message, Map<String, String> environment, String... args) {
    err.getBuffer().setLength(0);
    assertThat(run(environment, args)).isEqualTo(2);
    assertThat(err.toString().lines())
        .singleElement()
        .asString()
        .startsWith("sidelight-controller: " + message);
  }

  private int run(String... args) {
    return run(Map.of(), args);
  }

  private int run(Map<String, String> environment, String... args) {
    return new SidelightController(environment, started::add)
        .commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err, true))
        .execute(args);
  }

  private String get(String path) throws IOException, InterruptedException {
    return get(started.get(0).httpPort(), path);
  }

  private static String get(int port, String path) throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + port + path);
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }
}
