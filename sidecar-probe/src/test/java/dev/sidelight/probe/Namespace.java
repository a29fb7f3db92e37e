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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import jnr.ffi.LibraryLoader;

/**
 * A network namespace, what runs in it, and threads of this process that enter it. Needs root; ends
 * with its programs.
 */
final class Namespace implements AutoCloseable {
  private static final int O_RDONLY = 0;
  private static final int CLONE_NEWNET = 0x40000000;
  private static final int END_SECONDS = 2;

  /** Of the C library. jnr-ffi binds public interfaces only. */
  public interface LibC {
    int open(String path, int flags);

    int setns(int descriptor, int kind);

    int close(int descriptor);
  }

  private static final LibC LIBC = LibraryLoader.create(LibC.class).load("c");

  private final String name;
  private final List<Process> processes = new ArrayList<>();

  /**
   * A namespace whose loopback is up.
   *
   * @param purpose tells it from others of this process
   */
  Namespace(String purpose) {
    name = "sl-" + purpose + "-" + ProcessHandle.current().pid();
    must("ip", "netns", "add", name);
    must("ip", "-n", name, "link", "set", "lo", "up");
  }

  /** Joins two by a pair of interfaces. */
  void join(Namespace other, String address, String otherAddress) {
    must(
        "ip",
        "-n",
        name,
        "link",
        "add",
        "eth0",
        "type",
        "veth",
        "peer",
        "name",
        "eth0",
        "netns",
        other.name);
    configure(address);
    other.configure(otherAddress);
  }

  private void configure(String address) {
    List<String> add =
        new ArrayList<>(List.of("ip", "-n", name, "addr", "add", address, "dev", "eth0"));
    if (address.contains(":")) {
      // Else the address cannot be used before its duplicates have been looked for.
      add.add("nodad");
    }
    must(add.toArray(String[]::new));
    must("ip", "-n", name, "link", "set", "eth0", "up");
  }

  /** Inode, by which the probe names it. */
  int inode() {
    try {
      return ((Number) Files.getAttribute(path(), "unix:ino")).intValue();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts a program in it; its output goes to a log in target. */
  void start(String... command) {
    List<String> line = new ArrayList<>(List.of("ip", "netns", "exec", name));
    line.addAll(List.of(command));
    File log = new File("target/" + name + ".log");
    try {
      processes.add(
          new ProcessBuilder(line)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
              .start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes threads that are in it; they must not be lent to others. */
  ThreadFactory threads() {
    return task ->
        new Thread(
            () -> {
              enter();
              task.run();
            },
            name);
  }

  /** Runs something in it and waits. */
  <T> T call(Callable<T> work) {
    FutureTask<T> task = new FutureTask<>(work);
    threads().newThread(task).start();
    try {
      return task.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  @Override
  public void close() {
    processes.forEach(Process::destroy);
    for (Process process : processes) {
      try {
        if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
          process.destroyForcibly();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    must("ip", "netns", "del", name);
  }

  private Path path() {
    return Path.of("/run/netns", name);
  }

  private void enter() {
    int descriptor = LIBC.open(path().toString(), O_RDONLY);
    int result = LIBC.setns(descriptor, CLONE_NEWNET);
    LIBC.close(descriptor);
    if (descriptor < 0 || result != 0) {
      throw new IllegalStateException("cannot enter " + path());
    }
  }

  private static void must(String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
      if (!output.isEmpty()) {
        throw new IllegalStateException(String.join(" ", command) + ": " + output);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
