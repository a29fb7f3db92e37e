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
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * One pod: a network namespace with nothing but loopback, and Python programs under names of their
 * own; the one called envoy, run as Istio's user, stands for the sidecar. Needs root.
 */
final class ProbedPod implements AutoCloseable {
  static final int PROXY_UID = 1337;
  static final int APP_UID = 1000;

  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static final Path PYTHON = Path.of("/usr/bin/python3");

  private final String name =
      "podit-" + ProcessHandle.current().pid() + "-" + NUMBER.incrementAndGet();
  private final Path directory;
  private final List<Process> processes = new ArrayList<>();

  private final List<String> entry;

  ProbedPod() {
    this(null);
  }

  /**
   * On a node that is a container.
   *
   * @param node null for this machine
   */
  ProbedPod(TestNode node) {
    entry =
        node == null
            ? List.of("ip", "netns", "exec", name)
            : node.container(Path.of("/run/netns", name));
    try {
      // Outside of the checkout, which other users may not be able to enter.
      directory = Files.createTempDirectory("sidelight-pod");
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    run("ip", "netns", "add", name);
    run("ip", "-n", name, "link", "set", "lo", "up");
  }

  /** Full path of a program's executable by its name. */
  String executable(String called) {
    return directory.resolve(called).toString();
  }

  /** Inode of its network namespace. */
  int netns() {
    try {
      return ((Number) Files.getAttribute(Path.of("/run/netns", name), "unix:ino")).intValue();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts the sidecar; each route is LISTEN:TARGET. */
  Process sidecar(String... routes) {
    return start("envoy", PROXY_UID, "relay.py", routes);
  }

  /** Starts server.py under a name. */
  Process server(String executable, int uid, int port, String mode, int workers) {
    return start(
        executable, uid, "server.py", Integer.toString(port), mode, Integer.toString(workers));
  }

  /** Asks as often, over a new connection each time; returns the process ids that answered. */
  List<String> ask(String executable, int port, int requests, String path) {
    Process client =
        start(
            executable,
            APP_UID,
            "client.py",
            Integer.toString(port),
            Integer.toString(requests),
            path);
    // Not to its end: on a node that is a container what entered it holds the output, too.
    List<String> answers =
        client.inputReader(StandardCharsets.UTF_8).lines().limit(requests).toList();
    if (answers.size() < requests) {
      throw new IllegalStateException("the client ended after " + answers);
    }
    return answers;
  }

  /** Begins to ask over one connection, until {@link #answersOf}. */
  Process keepAsking(String executable, int port, String path) {
    Process client = start(executable, APP_UID, "client.py", Integer.toString(port), "0", path);
    try {
      String line = client.inputReader(StandardCharsets.UTF_8).readLine();
      if (!"READY".equals(line)) {
        throw new IllegalStateException("the client said " + line);
      }
      return client;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends such a client; how many requests were answered, none of them over a second connection. */
  static int answersOf(Process client) {
    try (BufferedReader reader = client.inputReader(StandardCharsets.UTF_8)) {
      client.getOutputStream().close();
      String line = reader.readLine();
      if (line == null || !line.startsWith("OK ")) {
        throw new IllegalStateException("the client said " + line);
      }
      return Integer.parseInt(line.substring("OK ".length()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends a process and waits for it. */
  static void end(Process process) {
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
    processes.forEach(ProbedPod::end);
    run("ip", "netns", "del", name);
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Process start(String executable, int uid, String program, String... arguments) {
    String user = Integer.toString(uid);
    List<String> line = new ArrayList<>(entry);
    line.addAll(
        List.of(
            "setpriv",
            "--reuid",
            user,
            "--regid",
            user,
            "--clear-groups",
            file(PYTHON, executable),
            "-B",
            file(Path.of("src/test/resources/pods", program), program)));
    line.addAll(Arrays.asList(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(line)
            .redirectError(ProcessBuilder.Redirect.appendTo(new File("target/probed-pod.log")));
    // A copy of the interpreter does not find its library by itself.
    builder.environment().put("PYTHONHOME", "/usr");
    try {
      Process process = builder.start();
      processes.add(process);
      return process;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String file(Path source, String copyName) {
    Path copy = directory.resolve(copyName);
    try {
      if (!Files.exists(copy)) {
        Files.copy(source.toRealPath(), copy);
        Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rwxr-xr-x"));
      }
      return copy.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String output(Process process) {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      return String.join("\n", reader.lines().toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void run(String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said = output(process);
      if (process.waitFor() != 0) {
        throw new IllegalStateException(String.join(" ", command) + ": " + said);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
