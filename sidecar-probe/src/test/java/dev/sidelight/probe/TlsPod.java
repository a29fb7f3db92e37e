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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A pod as a network namespace: an Envoy that originates TLS, applications that serve it, and a
 * client. Needs root.
 */
final class TlsPod implements AutoCloseable {
  /** Where the Envoy listens. */
  static final int ENVOY_PORT = 15006;

  private static final Path RESOURCES = Path.of("src/test/resources/tlshop");

  /**
   * A request as its client knows it.
   *
   * @param requestId as sent
   * @param peerPort which the server saw
   * @param status of the response
   */
  record Answer(String requestId, int peerPort, int status) {}

  private final String name = "tlsit-" + ProcessHandle.current().pid();
  private final List<Process> processes = new ArrayList<>();
  private final Process client;
  private final BufferedReader answers;

  TlsPod() {
    try {
      must("ip", "netns", "add", name);
      must("ip", "-n", name, "link", "set", "lo", "up");
      certify();
      in("envoy", "-c", resource("inbound.yaml"), "--disable-hot-restart", "--concurrency", "1");
      client = in("python3", resource("client.py"));
      answers =
          new BufferedReader(
              new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8));
      waitFor(ENVOY_PORT);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Inode of the network namespace. */
  int netns() {
    try {
      return ((Number) Files.getAttribute(Path.of("/run/netns", name), "unix:ino")).intValue();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts an application and returns when it takes connections. */
  Process serve(int port, String interpreter, String program, String... arguments) {
    List<String> command =
        new ArrayList<>(List.of(interpreter, resource(program), Integer.toString(port)));
    command.addAll(Arrays.asList(arguments));
    Process process = in(command.toArray(String[]::new));
    waitFor(port);
    return process;
  }

  /** Sends requests and returns what was answered, by request id; the connections stay open. */
  Map<String, Answer> request(
      String scheme, int port, String path, int connections, int first, int requests) {
    say(String.join(" ", scheme, "" + port, path, "" + connections, "" + first, "" + requests));
    Map<String, Answer> received = new HashMap<>();
    for (String line : linesUntilOk()) {
      String[] words = line.split(" ", 3);
      received.put(
          words[0], new Answer(words[0], Integer.parseInt(words[1]), Integer.parseInt(words[2])));
    }
    return received;
  }

  /** Ends an application. */
  void end(Process process) {
    process.destroy();
    try {
      if (!process.waitFor(2, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    processes.forEach(this::end);
    run("ip", "netns", "del", name);
  }

  private void waitFor(int port) {
    say("wait " + port);
    linesUntilOk();
  }

  private void say(String line) {
    try {
      client.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
      client.getOutputStream().flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<String> linesUntilOk() {
    List<String> lines = new ArrayList<>();
    try {
      while (true) {
        String line = answers.readLine();
        if (line == null) {
          throw new IllegalStateException("the client has ended; see target/tlshop.log");
        }
        if (line.startsWith("OK ")) {
          return lines;
        }
        if (!line.isEmpty()) {
          lines.add(line);
        }
      }
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
        "target/tlshop.key",
        "-out",
        "target/tlshop.crt");
  }

  private Process in(String... command) {
    List<String> line = new ArrayList<>(List.of("ip", "netns", "exec", name));
    line.addAll(Arrays.asList(command));
    File log = new File("target/tlshop.log");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.appendTo(log));
      Process process = builder.start();
      processes.add(process);
      return process;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String resource(String file) {
    return RESOURCES.resolve(file).toString();
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
