/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Two pods as network namespaces, joined by a pair of interfaces: a Python client with its Envoy,
 * TLS between the two Envoys, and an Envoy before a Python application. Needs root. Nothing of it
 * is in the root namespace.
 */
final class TestPod implements AutoCloseable {
  /** The pod's address. */
  static final String ADDRESS = "10.99.7.1";

  private static final String CLIENT_ADDRESS = "10.99.7.2";
  private static final int OUTBOUND_PORT = 15001;
  private static final int APP_PORT = 9080;
  private static final Path RESOURCES = Path.of("src/test/resources/hopcapture");

  private final String pod = "hopit-pod-" + ProcessHandle.current().pid();
  private final String outside = "hopit-out-" + ProcessHandle.current().pid();
  private final List<Process> processes = new ArrayList<>();
  private final Process client;
  private final BufferedReader answers;

  TestPod() {
    try {
      join();
      in(pod, "python3", resource("app.py"), Integer.toString(APP_PORT));
      certify();
      envoy(pod, "inbound.yaml");
      envoy(outside, "outbound.yaml");
      client =
          in(
              outside,
              "python3",
              resource("client.py"),
              "127.0.0.1",
              Integer.toString(OUTBOUND_PORT));
      answers =
          new BufferedReader(
              new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8));
      expect("READY");
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Inode of the network namespace of the application's pod. */
  int netns() {
    return inode(pod);
  }

  /** Inode of the network namespace of the client's pod. */
  int callerNetns() {
    return inode(outside);
  }

  /** Sends requests and returns when all are answered; the connections stay open. */
  void request(int connections, int requests, int perSecond, String path) {
    try {
      String line = connections + " " + requests + " " + perSecond + " " + path + "\n";
      client.getOutputStream().write(line.getBytes(StandardCharsets.UTF_8));
      client.getOutputStream().flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    expect("OK " + requests);
  }

  /** Open connections of the client's pod to a port. */
  long connectionsTo(int port) {
    return run(
            "ip",
            "netns",
            "exec",
            outside,
            "ss",
            "-Htn",
            "state",
            "established",
            "dport",
            "=",
            ":" + port)
        .lines()
        .count();
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
    run("ip", "netns", "del", pod);
    run("ip", "netns", "del", outside);
  }

  private void join() {
    must("ip", "netns", "add", pod);
    must("ip", "netns", "add", outside);
    must(
        "ip", "-n", pod, "link", "add", "eth0", "type", "veth", "peer", "name", "eth0", "netns",
        outside);
    configure(pod, ADDRESS);
    configure(outside, CLIENT_ADDRESS);
  }

  private static int inode(String namespace) {
    try {
      return ((Number) Files.getAttribute(Path.of("/run/netns", namespace), "unix:ino")).intValue();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void certify() {
    run(
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "1",
        "-subj",
        "/CN=pod",
        "-keyout",
        "target/hopcapture.key",
        "-out",
        "target/hopcapture.crt");
  }

  private void envoy(String namespace, String configuration) {
    in(
        namespace,
        "envoy",
        "-c",
        resource(configuration),
        "--disable-hot-restart",
        "--concurrency",
        "1",
        "-l",
        "error");
  }

  private static void configure(String namespace, String address) {
    must("ip", "-n", namespace, "link", "set", "lo", "up");
    must("ip", "-n", namespace, "addr", "add", address + "/24", "dev", "eth0");
    must("ip", "-n", namespace, "link", "set", "eth0", "up");
  }

  private void expect(String line) {
    try {
      String answer = answers.readLine();
      if (!line.equals(answer)) {
        throw new IllegalStateException("the client answered " + answer + ", not " + line);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Process in(String namespace, String... command) {
    List<String> line = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
    line.addAll(Arrays.asList(command));
    try {
      Process process =
          new ProcessBuilder(line).redirectError(new File("target/hopcapture.log")).start();
      processes.add(process);
      return process;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String resource(String name) {
    return RESOURCES.resolve(name).toString();
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
