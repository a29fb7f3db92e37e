/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.xds;

import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A network namespace of its own with a loopback device, so that a test can bind Istio's ports and
 * redirect like Istio without touching the machine's.
 */
final class NetworkNamespace implements AutoCloseable {

  private final String name;
  private final List<Process> processes = new ArrayList<>();

  NetworkNamespace() {
    name = "sl-xds-" + ProcessHandle.current().pid() + "-" + Long.toHexString(System.nanoTime());
    CommandRunner.run("ip", "netns", "add", name);
    run("ip", "link", "set", "lo", "up");
  }

  String run(String... command) {
    return CommandRunner.run(prefixed(List.of(command)));
  }

  /** Starts a program that ends with the namespace. */
  Process start(File log, List<String> command) throws IOException {
    Process process =
        new ProcessBuilder(prefixed(command)).redirectErrorStream(true).redirectOutput(log).start();
    processes.add(process);
    return process;
  }

  @Override
  public void close() {
    processes.forEach(NetworkNamespace::end);
    CommandRunner.run("ip", "netns", "del", name);
  }

  private static void end(Process process) {
    // `envoy` is a launcher whose child is the proxy.
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    process.onExit().join();
  }

  private List<String> prefixed(List<String> command) {
    List<String> prefixed = new ArrayList<>(List.of("ip", "netns", "exec", name));
    prefixed.addAll(command);
    return prefixed;
  }
}
