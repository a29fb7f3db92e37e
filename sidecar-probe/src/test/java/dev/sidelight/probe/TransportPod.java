/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A pod and a host outside of it, as network namespaces. What makes the one a pod is a process with
 * a name that only this test's probe takes for an Envoy. Each program is a Python of its own name,
 * which is its label. Needs root.
 */
final class TransportPod implements AutoCloseable {
  static final String ADDRESS = "10.99.8.1";
  static final String OUTSIDE_ADDRESS = "10.99.8.2";
  static final String OTHER_OUTSIDE_ADDRESS = "10.99.8.3";

  private static final Path PROGRAMS = Path.of("target/transport");
  private static final String SCRIPT = "src/test/resources/transport/endpoint.py";

  private final long id = ProcessHandle.current().pid();
  private final String pod = "transit-pod-" + id;
  private final String outside = "transit-out-" + id;
  private final List<Endpoint> endpoints = new ArrayList<>();
  private Process marker;

  TransportPod() {
    must("ip", "netns", "add", pod);
    must("ip", "netns", "add", outside);
    must(
        "ip", "-n", pod, "link", "add", "eth0", "type", "veth", "peer", "name", "eth0", "netns",
        outside);
    for (String namespace : List.of(pod, outside)) {
      must("ip", "-n", namespace, "link", "set", "lo", "up");
      must("ip", "-n", namespace, "link", "set", "eth0", "up");
    }
    must("ip", "-n", pod, "addr", "add", ADDRESS + "/24", "dev", "eth0");
    must("ip", "-n", outside, "addr", "add", OUTSIDE_ADDRESS + "/24", "dev", "eth0");
    must("ip", "-n", outside, "addr", "add", OTHER_OUTSIDE_ADDRESS + "/24", "dev", "eth0");
  }

  /** The settings by which a probe takes this pod for one. */
  Map<String, String> settings() {
    return Map.of(
        "pods.envoyExecutables", markerName(),
        "pods.envoyUids", "",
        "pods.scanMillis", "50",
        "transport.reportMillis", "200",
        "metrics.port", "0",
        "probe.nodeName", "node-1");
  }

  /** Makes the namespace a pod. */
  void appear() {
    marker = start(pod, program(markerName(), "/usr/bin/sleep"), "1000");
  }

  /** Makes it none any more. */
  void disappear() {
    marker.destroyForcibly();
  }

  /** A Python in the pod, with a name. */
  Endpoint inPod(String name, String... arguments) {
    return endpoint(pod, name, arguments);
  }

  /** A Python outside. */
  Endpoint outside(String name, String... arguments) {
    return endpoint(outside, name, arguments);
  }

  /** iptables in the pod. */
  void iptables(String... arguments) {
    List<String> line = new ArrayList<>(List.of("ip", "netns", "exec", pod, "iptables", "-w"));
    line.addAll(Arrays.asList(arguments));
    must(line.toArray(String[]::new));
  }

  @Override
  public void close() {
    endpoints.forEach(Endpoint::close);
    if (marker != null) {
      marker.destroyForcibly();
    }
    run("ip", "netns", "del", pod);
    run("ip", "netns", "del", outside);
  }

  private String markerName() {
    return "podmark" + id;
  }

  private Endpoint endpoint(String namespace, String name, String... arguments) {
    List<String> line = new ArrayList<>(List.of(program(name, python()), SCRIPT));
    line.addAll(Arrays.asList(arguments));
    Endpoint endpoint = new Endpoint(start(namespace, line.toArray(String[]::new)));
    endpoints.add(endpoint);
    endpoint.awaitReady();
    return endpoint;
  }

  private static String python() {
    try {
      return Path.of("/usr/bin/python3").toRealPath().toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A copy of a program under another name. */
  private static String program(String name, String original) {
    Path copy = PROGRAMS.resolve(name);
    try {
      Files.createDirectories(PROGRAMS);
      if (!Files.exists(copy)) {
        Files.copy(Path.of(original), copy, StandardCopyOption.COPY_ATTRIBUTES);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return copy.toString();
  }

  private static Process start(String namespace, String... command) {
    List<String> line = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
    line.addAll(Arrays.asList(command));
    try {
      return new ProcessBuilder(line).redirectError(new File("target/transport.log")).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void must(String... command) {
    String output = run(command);
    if (!output.isEmpty()) {
      throw new IllegalStateException(String.join(" ", command) + ": " + output);
    }
  }

  private static String run(String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
