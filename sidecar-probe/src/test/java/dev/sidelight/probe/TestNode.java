/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A node that is a container, as kind's are: a PID namespace of its own with a /proc of its own, on
 * this kernel. Needs root; whatever runs in it ends with it.
 */
final class TestNode implements AutoCloseable {
  private static final String FIRST = "sleep";

  private final Process holder;
  private final String first;

  TestNode() {
    try {
      holder =
          new ProcessBuilder("unshare", "--pid", "--fork", "--mount-proc", FIRST, "infinity")
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    first = await().atMost(Capture.SOON).until(this::find, Optional::isPresent).orElseThrow();
  }

  /** In a network namespace, as process 1 of a container: what a command is to follow. */
  List<String> container(Path netns) {
    return List.of(
        "nsenter",
        "--target",
        first,
        "--pid",
        "--mount",
        "--net=" + netns,
        "unshare",
        "--pid",
        "--fork");
  }

  /** A shell line that executes "$@" in this directory, by the node's process ids. */
  String wrapper() {
    return "exec nsenter --target %s --pid --mount sh -ec 'cd \"$0\"; exec \"$@\"' \"$PWD\" \"$@\""
        .formatted(first);
  }

  /**
   * By what id the node knows a process.
   *
   * @param executable full path; one process runs it
   */
  int processId(String executable) {
    ProcessHandle process =
        ProcessHandle.allProcesses()
            .filter(each -> executable.equals(executable(each.pid())))
            .reduce(
                (one, other) -> {
                  throw new IllegalStateException(one + " and " + other + " run " + executable);
                })
            .orElseThrow();
    try {
      // Of this namespace, the node's, the container's.
      return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
          .filter(line -> line.startsWith("NSpid:"))
          .map(line -> Integer.parseInt(line.split("\\s+", -1)[2]))
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    // unshare itself heeds no SIGTERM while it waits; with process 1 all others end.
    ProcessHandle.of(Long.parseLong(first)).ifPresent(ProcessHandle::destroyForcibly);
    ProbedPod.end(holder);
  }

  /** Process 1, once /proc is mounted, by its id in this namespace. */
  private Optional<String> find() {
    return holder
        .children()
        .filter(child -> executable(child.pid()).endsWith("/" + FIRST))
        .map(child -> Long.toString(child.pid()))
        .findFirst();
  }

  private static String executable(long process) {
    try {
      return Files.readSymbolicLink(Path.of("/proc", Long.toString(process), "exe")).toString();
    } catch (IOException e) {
      return "";
    }
  }
}
