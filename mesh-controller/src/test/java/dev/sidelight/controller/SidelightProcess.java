/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command line as a process of its own, with the classes under test. */
final class SidelightProcess {

  private SidelightProcess() {}

  /** What to run: the jar's main program with these arguments, before them the JVM's options. */
  static List<String> command(List<String> jvmOptions, String... args) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:TieredStopAtLevel=1");
    command.add("-XX:+UseSerialGC");
    command.addAll(jvmOptions);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add("dev.sidelight.controller.ControllerJar");
    command.addAll(List.of(args));
    return command;
  }

  /** The same as a line for a shell in a terminal, which takes none as long as a class path. */
  static String script(Path directory, String... args) throws IOException {
    Path script = directory.resolve("sidelight");
    Files.writeString(script, "exec " + String.join(" ", command(List.of(), args)) + "\n");
    return "sh " + script;
  }
}
