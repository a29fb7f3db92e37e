/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe;

import dev.sidelight.hop.v1.Exchange;
import dev.sidelight.probe.export.CollectingController;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A pod, as a network namespace of its own, whose caller, Envoy and applications all speak HTTP/2
 * in the clear; a probe; and a controller that keeps what it sends. Needs root.
 */
final class Http2Pod implements AutoCloseable {
  /** Envoy's listener before the gRPC server. */
  static final int GRPC_LISTENER = 15001;

  /** Envoy's listener before the Node server. */
  static final int NODE_LISTENER = 15002;

  /** Envoy's listener before the Node server, for connections older than the probe. */
  static final int OLDER_LISTENER = 15004;

  /** Envoy's listener before the HTTP/1 application. */
  static final int HTTP1_LISTENER = 15003;

  private static final Path RESOURCES = Path.of("src/test/resources/hopcapture");

  private final String namespace = "h2it-" + ProcessHandle.current().pid();
  private final List<Process> processes = new ArrayList<>();
  private final CollectingController controller;
  private Probe probe;

  Http2Pod() throws IOException {
    controller = new CollectingController(0);
    run("ip", "netns", "add", namespace);
    run("ip", "-n", namespace, "link", "set", "lo", "up");
    grpc("server", 9080);
    in("node", RESOURCES.resolve("h2c.js").toString(), "9081");
    in("python3", RESOURCES.resolve("app.py").toString(), "9082");
    in(
        "envoy",
        "-c",
        RESOURCES.resolve("http2.yaml").toString(),
        "--disable-hot-restart",
        "--concurrency",
        "1",
        "-l",
        "error");
  }

  /** Starts the probe. */
  void watch() {
    Map<String, String> settings =
        Map.of(
            "controller.hopPort", Integer.toString(controller.port()),
            "metrics.port", "0",
            "pods.envoyUids", "",
            "probe.nodeName", "node-1");
    probe = new Probe(ProbeSettings.of(SettingSources.of(settings, Map.of(), null)));
    probe.start();
  }

  Probe probe() {
    return probe;
  }

  /** Starts a program of {@link GrpcPrograms}. */
  Program grpc(String which, int port) {
    return in(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx128m",
        "-cp",
        System.getProperty("java.class.path"),
        "dev.sidelight.probe.GrpcPrograms",
        which,
        Integer.toString(port));
  }

  /** Starts a program in the pod. */
  Program in(String... command) {
    List<String> line = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
    line.addAll(Arrays.asList(command));
    try {
      Process process =
          new ProcessBuilder(line).redirectError(new File("target/http2pod.log")).start();
      processes.add(process);
      return new Program(process);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All exchanges seen in the pod. */
  List<Exchange> exchanges() {
    int netns = netns();
    return controller.exchanges().filter(exchange -> exchange.getNetns() == netns).toList();
  }

  @Override
  public void close() {
    processes.forEach(Process::destroy);
    for (Process process : processes) {
      try {
        if (!process.waitFor(2, TimeUnit.SECONDS)) {
          process.destroyForcibly();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    if (probe != null) {
      probe.close();
    }
    controller.close();
    run("ip", "netns", "del", namespace);
  }

  int netns() {
    try {
      return ((Number) Files.getAttribute(Path.of("/run/netns", namespace), "unix:ino")).intValue();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void run(String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
      if (process.waitFor() != 0) {
        throw new IllegalStateException(String.join(" ", command) + ": " + output);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** A program that answers a line with a line. */
  static final class Program {
    private final OutputStream input;
    private final BufferedReader output;

    Program(Process process) {
      input = process.getOutputStream();
      output =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    String answer() {
      try {
        return output.readLine();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    String ask(String line) {
      try {
        input.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        input.flush();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return answer();
    }
  }
}
