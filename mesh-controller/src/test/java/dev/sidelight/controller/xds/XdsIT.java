/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.xds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.util.Timestamps;
import io.envoyproxy.envoy.data.accesslog.v3.HTTPAccessLogEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * Real Envoys under the control plane, in a network namespace: a gateway and a sidecar, whose
 * redirection is Istio's in short. The sidecar is source and destination of its own calls.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class XdsIT {

  private static final String GATEWAY_URL = "http://127.0.0.1:8080/";
  private static final String SERVICE_URL = "http://10.78.0.13:9080/";
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private Path meshFile;
  private TestPki pki;
  private MeshControlPlane controlPlane;
  private TestController controller;
  private NetworkNamespace namespace;
  private EnvoyProxy sidecar;
  private EnvoyProxy gateway;

  @BeforeAll
  void startMesh(@TempDir Path directory) throws IOException {
    pki = new TestPki(Files.createDirectory(directory.resolve("pki")));
    pki.issue("reviews-v1", "bookinfo", "bookinfo-reviews");
    pki.issue("istio-ingressgateway", "istio-system", "istio-ingressgateway");
    meshFile =
        Files.writeString(directory.resolve("mesh.json"), TestMesh.json(pki.directory(), ""));
    controlPlane = new MeshControlPlane(meshFile);
    controlPlane.start();
    Path socket = directory.resolve("sidelight.sock");
    controller = new TestController(controlPlane, socket);
    namespace = new NetworkNamespace();
    redirect();
    startApp(directory);
    sidecar =
        new EnvoyProxy(namespace, directory, socket, TestMesh.REVIEWS_V1, EnvoyProxy.ADS, 15000);
    gateway =
        new EnvoyProxy(
            namespace, directory, socket, TestMesh.INGRESS_NODE, EnvoyProxy.DELTA_ADS, 15100);
    await().atMost(PATIENCE).until(() -> sidecar.ready() && gateway.ready());
    await().atMost(PATIENCE).until(() -> status(GATEWAY_URL).equals("200"));
    await().atMost(PATIENCE).until(() -> status(SERVICE_URL).equals("200"));
  }

  @AfterAll
  void stopMesh() {
    namespace.close();
    controller.close();
    controlPlane.close();
  }

  @BeforeEach
  void clearFaults() throws IOException {
    writeFaults("");
    await().atMost(PATIENCE).until(() -> seconds(GATEWAY_URL) < 0.2);
  }

  // First, before another test has an update rejected on purpose.
  @Order(1)
  @Test
  void sidecarAndGateway_acceptEveryResource() {
    assertThat(sidecar.stat("listener_manager.total_listeners_active")).isEqualTo(4);
    assertThat(gateway.stat("listener_manager.total_listeners_active")).isEqualTo(1);
    assertThat(List.of(sidecar, gateway)).allSatisfy(p -> assertThat(rejected(p)).isZero());
    assertThat(controlPlane.rejectedUpdates()).isZero();
    assertThat(controlPlane.unknownNodes()).isZero();
  }

  @Test
  void inboundFault_delaysRequestsWithoutReplacingTheListener() throws IOException {
    assertFaultIsRouteOnly(sidecar, TestMesh.fault("reviews-v1", "bookinfo", "inbound", 300));
  }

  @Test
  void gatewayFault_delaysRequestsWithoutReplacingTheListener() throws IOException {
    assertFaultIsRouteOnly(
        gateway, TestMesh.fault("istio-ingressgateway", "istio-system", "outbound", 300));
  }

  @Test
  void rejectedUpdate_isNotSentAgainUntilItChanges() throws IOException {
    long rejectedBefore = controlPlane.rejectedUpdates();
    TestMesh.replace(meshFile, TestMesh.json(pki.directory().resolve("absent"), ""));
    await().atMost(PATIENCE).until(() -> controlPlane.rejectedUpdates() >= rejectedBefore + 3);
    TestMesh.replace(
        meshFile,
        TestMesh.json(pki.directory(), TestMesh.fault("reviews-v1", "bookinfo", "inbound", 300)));
    await().atMost(PATIENCE).until(() -> seconds(GATEWAY_URL) > 0.3);
    // CDS at both, LDS at the sidecar, whose listeners hold certificates.
    assertThat(controlPlane.rejectedUpdates()).isEqualTo(rejectedBefore + 3);
  }

  @Test
  void request_leavesADownstreamAndAnUpstreamEntryOnEachSide() {
    call("one-request");
    List<HTTPAccessLogEntry> entries = entriesOf("one-request", 4);
    assertThat(entries)
        .extracting(e -> tag(e, "direction") + " " + tag(e, "log"))
        .containsExactlyInAnyOrder(
            "outbound downstream", "outbound upstream", "inbound downstream", "inbound upstream");
    assertThat(entries)
        .allSatisfy(
            e -> {
              assertThat(tag(e, "connection_id")).matches("\\d+");
              assertThat(tag(e, "upstream_connection_id")).matches("[1-9]\\d*");
              assertThat(tag(e, "pool_ready_ms")).matches("\\d+");
              assertThat(tag(e, "connect_ns")).matches("\\d+");
              assertThat(e.getCommonProperties().hasUpstreamLocalAddress()).isTrue();
            });
  }

  @Test
  void deadEndpoint_leavesAnUpstreamEntryForEachAttempt() throws IOException {
    TestMesh.replace(meshFile, TestMesh.jsonWithDeadEndpoint(pki.directory()));
    HTTPAccessLogEntry retried =
        await().atMost(PATIENCE).until(this::callThatWasRetried, Objects::nonNull);
    String requestId = retried.getRequest().getRequestId();
    // Two attempts and the request itself at the source, one attempt and the request behind it.
    List<HTTPAccessLogEntry> attempts =
        entriesOf(requestId, 5).stream()
            .filter(e -> tag(e, "direction").equals("outbound") && tag(e, "log").equals("upstream"))
            .sorted(Comparator.comparingLong(XdsIT::startEpochNanos))
            .toList();
    assertThat(attempts).hasSize(2);
    assertThat(attempts)
        .extracting(e -> e.getCommonProperties().getResponseFlags().getUpstreamConnectionFailure())
        .containsExactly(true, false);
    assertThat(attempts)
        .extracting(e -> e.getCommonProperties().hasUpstreamLocalAddress())
        .containsExactly(false, true);
  }

  private HTTPAccessLogEntry callThatWasRetried() {
    call("retried-" + System.nanoTime());
    return controller.entries().stream()
        .filter(e -> e.getCommonProperties().getUpstreamRequestAttemptCount() == 2)
        .findFirst()
        .orElse(null);
  }

  private void call(String requestId) {
    namespace.run("curl", "-s", "-o", "/dev/null", "-H", "x-request-id: " + requestId, SERVICE_URL);
  }

  private void assertFaultIsRouteOnly(EnvoyProxy proxy, String fault) throws IOException {
    long rejected = rejected(proxy);
    long listenerUpdates = proxy.stat("listener_manager.lds.update_success");
    long listenersModified = proxy.stat("listener_manager.listener_modified");
    writeFaults(fault);
    // Envoy's timers run by the clock at the start of its loop, so 300 ms may be a little less.
    await().atMost(PATIENCE).until(() -> seconds(GATEWAY_URL) > 0.25);
    writeFaults("");
    await().atMost(PATIENCE).until(() -> seconds(GATEWAY_URL) < 0.2);
    assertThat(proxy.stat("listener_manager.lds.update_success")).isEqualTo(listenerUpdates);
    assertThat(proxy.stat("listener_manager.listener_modified")).isEqualTo(listenersModified);
    assertThat(rejected(proxy)).as(proxy.log()).isEqualTo(rejected);
  }

  private static long rejected(EnvoyProxy proxy) {
    return proxy.stat("listener_manager.lds.update_rejected")
        + proxy.stat("cluster_manager.cds.update_rejected")
        + proxy.rejectedRouteUpdates();
  }

  private void writeFaults(String faults) throws IOException {
    TestMesh.replace(meshFile, TestMesh.json(pki.directory(), faults));
  }

  /** The request's entries, once there are as many. */
  private List<HTTPAccessLogEntry> entriesOf(String requestId, int count) {
    return await()
        .atMost(PATIENCE)
        .until(
            () ->
                controller.entries().stream()
                    .filter(e -> e.getRequest().getRequestId().equals(requestId))
                    .toList(),
            entries -> entries.size() == count);
  }

  private static long startEpochNanos(HTTPAccessLogEntry entry) {
    return Timestamps.toNanos(entry.getCommonProperties().getStartTime());
  }

  private static String tag(HTTPAccessLogEntry entry, String name) {
    return entry.getCommonProperties().getCustomTagsMap().getOrDefault("sidelight." + name, "");
  }

  private String status(String url) {
    return curl(url, "%{http_code}");
  }

  private double seconds(String url) {
    String[] figures = curl(url, "%{http_code} %{time_total}").split(" ", -1);
    assertThat(figures[0]).isEqualTo("200");
    return Double.parseDouble(figures[1]);
  }

  private String curl(String url, String format) {
    try {
      return namespace.run("curl", "-s", "-m", "5", "-o", "/dev/null", "-w", format, url);
    } catch (IllegalStateException e) {
      return e.getMessage();
    }
  }

  private void redirect() {
    namespace.run("ip", "addr", "add", "10.78.0.13/32", "dev", "lo");
    nat("-s", "127.0.0.6/32", "-j", "RETURN");
    nat("-p", "tcp", "-d", "127.0.0.13/32", "-j", "REDIRECT", "--to-ports", "15006");
    nat("-p", "tcp", "-d", "10.78.0.13/32", "-j", "REDIRECT", "--to-ports", "15001");
  }

  private void nat(String... rule) {
    String[] command = new String[rule.length + 5];
    System.arraycopy(new String[] {"iptables", "-t", "nat", "-A", "OUTPUT"}, 0, command, 0, 5);
    System.arraycopy(rule, 0, command, 5, rule.length);
    namespace.run(command);
  }

  private void startApp(Path directory) throws IOException {
    Path app =
        Files.writeString(
            directory.resolve("app.py"),
            """
            from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
            class App(BaseHTTPRequestHandler):
                protocol_version = "HTTP/1.1"
                def do_GET(self):
                    self.send_response(200)
                    self.send_header("content-length", "2")
                    self.end_headers()
                    self.wfile.write(b"ok")
            ThreadingHTTPServer(("127.0.0.13", 9080), App).serve_forever()
            """);
    namespace.start(directory.resolve("app.log").toFile(), List.of("python3", app.toString()));
  }
}
