/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.bookinfo;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A bash that is typed into, as a person does: variables and background jobs stay until its end.
 */
final class Shell implements AutoCloseable {

  /** Ends a command's output; its exit code follows. */
  private static final String END = "[this command has ended] ";

  private static final long END_SECONDS = 20;

  // deps
  private final Process bash;
  private final Writer input;
  private final BufferedReader output;

  /** What a command printed on its standard output, and its exit code. */
  record Result(String output, int exitCode) {}

  /**
   * Starts one there, with a directory for temporary files and without settings of Sidelight's in
   * its environment.
   */
  Shell(Path directory, Path temporary) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder("bash", "--norc", "--noprofile")
            .directory(directory.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.startsWith("SIDELIGHT_") && !name.equals("SIDELIGHT_ENVOY"));
    builder.environment().put("TMPDIR", temporary.toString());
    bash = builder.start();
    input = bash.outputWriter(UTF_8);
    output = bash.inputReader(UTF_8);
  }

  /** Runs a command to its end, or fails after so long. */
  Result run(String command, Duration atMost) throws InterruptedException {
    try {
      input.write(command + "\nprintf '" + END + "%d\\n' $?\n");
      input.flush();
      return CompletableFuture.supplyAsync(this::read)
          .get(atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (IOException e) {
      throw new UncheckedIOException(command, e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(command, e.getCause());
    } catch (TimeoutException e) {
      throw new AssertionError("not done within " + atMost + ": " + command, e);
    }
  }

  private Result read() {
    StringBuilder lines = new StringBuilder();
    try {
      while (true) {
        String line = output.readLine();
        if (line == null) {
          throw new IllegalStateException("bash ended after " + lines);
        }
        int end = line.indexOf(END);
        if (end >= 0) {
          lines.append(line, 0, end);
          return new Result(lines.toString(), Integer.parseInt(line.substring(end + END.length())));
        }
        lines.append(line).append('\n');
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends it and the jobs that it still has, and waits until they have ended. */
  @Override
  public void close() {
    List<ProcessHandle> jobs = bash.descendants().toList();
    bash.destroy();
    for (ProcessHandle job : jobs) {
      job.destroy();
      job.onExit().orTimeout(END_SECONDS, TimeUnit.SECONDS).join();
    }
  }
}
