/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** The probe as it is delivered, in a JVM of its own: what the kernel grants is a process's. */
final class ProbeProcess implements AutoCloseable {
  private static final Path JAR = Path.of("target/sidecar-probe.jar");
  private static final String READY = "sidelight-probe ready metrics=127.0.0.1:";

  private final Process process;
  private final List<String> output = new CopyOnWriteArrayList<>();
  private int metricsPort;

  private ProbeProcess(List<String> command) {
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Starts it, and waits until it is ready.
   *
   * @param wrapper a shell line which ends in executing "$@"; it becomes the probe, by the same
   *     process id
   * @param settings as on the command line
   */
  static ProbeProcess start(String wrapper, String... settings) {
    ProbeProcess probe = new ProbeProcess(command(wrapper, settings));
    String ready = probe.readUntil(READY);
    if (ready == null) {
      throw new IllegalStateException("the probe ended: " + probe.output);
    }
    probe.metricsPort =
        Integer.parseInt(ready.substring(READY.length(), ready.indexOf(' ', READY.length())));
    Thread drain = new Thread(() -> probe.readUntil(null), "probe-output");
    drain.setDaemon(true);
    drain.start();
    return probe;
  }

  /** Runs it to its end, which is expected at once; returns the exit code and what it said. */
  static String refusal(String wrapper, String... settings) {
    try (ProbeProcess probe = new ProbeProcess(command(wrapper, settings))) {
      if (probe.readUntil(READY) != null) {
        throw new IllegalStateException("the probe started");
      }
      return probe.process.waitFor() + " " + String.join("\n", probe.output);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  long pid() {
    return process.pid();
  }

  List<String> output() {
    return output;
  }

  /** The text of /metrics. */
  String metrics() {
    return get("/metrics");
  }

  /** What it answers on its port. */
  String get(String path) {
    try {
      URI uri = URI.create("http://127.0.0.1:" + metricsPort + path);
      return HttpClient.newHttpClient()
          .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
          .body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** SIGTERM, and waits. */
  void terminate() {
    process.destroy();
    await();
  }

  /** SIGKILL, and waits. */
  void kill() {
    process.destroyForcibly();
    await();
  }

  @Override
  public void close() {
    kill();
  }

  private void await() {
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        throw new IllegalStateException("the probe does not end: " + output);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String readUntil(String start) {
    try {
      BufferedReader reader = process.inputReader(StandardCharsets.UTF_8);
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        output.add(line);
        if (start != null && line.startsWith(start)) {
          return line;
        }
      }
      return null;
    } catch (IOException e) {
      return null;
    }
  }

  private static List<String> command(String wrapper, String... settings) {
    List<String> command = new ArrayList<>(List.of("sh", "-ec", wrapper, "sh"));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("@jvm.options", "-jar", JAR.toString()));
    command.add("--metrics.port=0");
    command.add("--probe.nodeName=node-1");
    command.addAll(Arrays.asList(settings));
    return command;
  }
}
