/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.Locale;

/** A program behind a real Envoy in a pod of its own, and a namespace to call it from. */
final class ProgramPod implements AutoCloseable {
  /** Envoy's listener. */
  static final int SIDECAR_PORT = 15006;

  private static final Duration START = Duration.ofSeconds(60);

  final Program program;
  final Namespace pod;
  final Namespace outside;
  private final String address;

  /** Over IPv4. */
  ProgramPod(Program program) {
    this(program, "10.99.8.1", "10.99.8.2", "24");
  }

  private ProgramPod(Program program, String address, String outsideAddress, String bits) {
    this.program = program;
    this.address = address;
    pod = new Namespace(program.name().toLowerCase(Locale.ROOT));
    outside = new Namespace(program.name().toLowerCase(Locale.ROOT) + "-out");
    pod.join(outside, address + "/" + bits, outsideAddress + "/" + bits);
    program.startIn(pod);
    pod.start(
        "envoy",
        "-c",
        Program.sidecar(),
        "--disable-hot-restart",
        "--concurrency",
        "1",
        "-l",
        "error");
  }

  /** A pod that has no address of IPv4 but loopback's. */
  static ProgramPod overIpv6(Program program) {
    return new ProgramPod(program, "fd99:8::1", "fd99:8::2", "64");
  }

  /** Inode of the pod's network namespace. */
  int netns() {
    return pod.inode();
  }

  /** Requests through the sidecar. */
  HttpLoad load(String host) {
    return new HttpLoad(outside, address, SIDECAR_PORT, host);
  }

  /** Waits until the program answers through the sidecar in each way that it serves. */
  ProgramPod awaitReady() {
    awaitStatus("plain");
    if (program.servesTls()) {
      awaitStatus("tls");
    }
    if (program.servesHttp2()) {
      awaitStatus("http2");
    }
    return this;
  }

  /** Waits until a request to the host is answered. */
  void awaitStatus(String host) {
    await(program + " serves " + host)
        .atMost(START)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> outside.call(() -> status(host)) == 200);
  }

  private int status(String host) {
    try (HttpClientConnection connection = new HttpClientConnection(address, SIDECAR_PORT)) {
      connection.send("GET /ready HTTP/1.1\r\nhost: " + host + "\r\n\r\n");
      return connection.read("GET").status();
    } catch (IOException e) {
      return 0;
    }
  }

  @Override
  public void close() {
    outside.close();
    pod.close();
  }
}
