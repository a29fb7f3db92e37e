/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe;

import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A network namespace with one Python server in it and one client whose executable is called envoy,
 * so that the probe takes the namespace for a pod. Needs root, but no Envoy: it runs on kernels
 * that have nothing else installed.
 */
final class KernelPod implements AutoCloseable {
  /** How long anything may take on a kernel that is emulated. */
  static final Duration PATIENCE = Duration.ofMinutes(3);

  private static final Path PYTHON = Path.of("/usr/bin/python3");
  private static final Path RESOURCES = Path.of("src/test/resources/kernel");

  private static final Pattern RETRANSMITS = Pattern.compile("retrans:\\d+/(\\d+)");

  private final String namespace;
  private final int port;
  private final Path folder;
  private final List<Process> processes = new ArrayList<>();
  private final BufferedReader answers;
  private final Process client;
  private boolean emulatesLoss;

  /**
   * Begins both, and returns once the server listens.
   *
   * @param name of the namespace, before this process's id
   * @param port where the server listens
   * @param tls whether both speak TLS
   */
  KernelPod(String name, int port, boolean tls) throws IOException {
    this.port = port;
    namespace = name + "-" + ProcessHandle.current().pid();
    folder = Files.createTempDirectory(namespace);
    Path certificate = folder.resolve("certificate");
    Path key = folder.resolve("key");
    Path envoy = folder.resolve("envoy");
    Files.copy(PYTHON.toRealPath(), envoy, StandardCopyOption.COPY_ATTRIBUTES);
    run("ip", "netns", "add", namespace);
    run("ip", "-n", namespace, "link", "set", "lo", "up");
    List<String> server = command(PYTHON.toString(), "server.py");
    List<String> caller = command(envoy.toString(), "client.py");
    if (tls) {
      certify(certificate, key);
      server.addAll(List.of(certificate.toString(), key.toString()));
      caller.add(certificate.toString());
    }
    expect(reader(begin(server)), "READY");
    client = begin(caller);
    answers = reader(client);
    expect(answers, "READY");
  }

  /** Inode of the network namespace. */
  int netns() {
    try {
      return ((Number) Files.getAttribute(Path.of("/run/netns", namespace), "unix:ino")).intValue();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends requests on the one connection, one after the other, and waits for the answers. */
  void request(int count, String path) {
    send(count, path);
    expect(answers, "OK " + count);
  }

  /** Sends one request into a network that loses everything until the kernel has sent it again. */
  void requestLostOnce(String path) {
    int before = retransmits();
    lose();
    send(1, path);
    await().atMost(PATIENCE).until(() -> retransmits() > before);
    loseNoMore();
    expect(answers, "OK 1");
  }

  /** What the kernel says that the client's socket sent again. */
  int retransmits() {
    Matcher total = RETRANSMITS.matcher(sockets());
    return total.find() ? Integer.parseInt(total.group(1)) : 0;
  }

  /** What emulates the loss: netem where the kernel has it. */
  String lossEmulator() {
    return emulatesLoss ? "netem" : "iptables";
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
    run("ip", "netns", "del", namespace);
    run("rm", "-r", folder.toString());
  }

  private void lose() {
    emulatesLoss = in("tc", "qdisc", "add", "dev", "lo", "root", "netem", "loss", "100%").isEmpty();
    if (!emulatesLoss) {
      in("iptables", "-A", "INPUT", "-i", "lo", "-j", "DROP");
    }
  }

  private void loseNoMore() {
    if (emulatesLoss) {
      in("tc", "qdisc", "del", "dev", "lo", "root");
    } else {
      in("iptables", "-F", "INPUT");
    }
  }

  private String sockets() {
    return in("ss", "-Htin", "dport", "=", ":" + port);
  }

  private void send(int count, String path) {
    try {
      client.getOutputStream().write((count + " " + path + "\n").getBytes(StandardCharsets.UTF_8));
      client.getOutputStream().flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void certify(Path certificate, Path key) {
    run(
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-days",
        "1",
        "-subj",
        "/CN=localhost",
        "-addext",
        "subjectAltName=DNS:localhost",
        "-keyout",
        key.toString(),
        "-out",
        certificate.toString());
  }

  private List<String> command(String executable, String script) {
    return new ArrayList<>(
        List.of(
            "ip",
            "netns",
            "exec",
            namespace,
            executable,
            RESOURCES.resolve(script).toString(),
            Integer.toString(port)));
  }

  private Process begin(List<String> command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    // The copied interpreter does not find its library by its own path.
    builder.environment().put("PYTHONHOME", "/usr");
    Process process = builder.redirectError(folder.resolve("errors").toFile()).start();
    processes.add(process);
    return process;
  }

  private static BufferedReader reader(Process process) {
    return new BufferedReader(
        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  private void expect(BufferedReader lines, String expected) {
    try {
      String line = lines.readLine();
      if (!expected.equals(line)) {
        throw new IllegalStateException(
            "expected "
                + expected
                + ", got "
                + line
                + "; "
                + Files.readString(folder.resolve("errors")));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String in(String... command) {
    List<String> line = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
    line.addAll(Arrays.asList(command));
    return run(line.toArray(String[]::new));
  }

  private static String run(String... command) {
    try {
      Process process =
          new ProcessBuilder(command).directory(new File(".")).redirectErrorStream(true).start();
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
