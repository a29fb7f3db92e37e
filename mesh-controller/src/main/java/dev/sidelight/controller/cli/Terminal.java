/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Where a command's output goes.
 *
 * @param out the answer
 * @param err what went wrong, and how far it is
 * @param environment variables
 * @param interactive whether somebody looks at {@code out}: a terminal that moves its cursor
 */
record Terminal(
    PrintWriter out, PrintWriter err, Map<String, String> environment, boolean interactive) {

  private static final Path DEVICE = Path.of("/dev/tty");
  private static final Size USUAL = new Size(24, 80);

  /** This process's own. */
  static Terminal ofProcess() {
    Map<String, String> environment = System.getenv();
    return new Terminal(
        writer(FileDescriptor.out),
        writer(FileDescriptor.err),
        environment,
        isTerminal() && !"dumb".equals(environment.get("TERM")));
  }

  private static PrintWriter writer(FileDescriptor descriptor) {
    return new PrintWriter(
        new OutputStreamWriter(new FileOutputStream(descriptor), StandardCharsets.UTF_8));
  }

  /** {@link System#console} would want the input to be one too, which it need not be. */
  private static boolean isTerminal() {
    try {
      Process test = new ProcessBuilder("test", "-t", "1").redirectOutput(Redirect.INHERIT).start();
      return test.waitFor(1, TimeUnit.SECONDS) && test.exitValue() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Its size now, which may change at any time. */
  Size size() {
    try {
      Process stty =
          new ProcessBuilder("stty", "size")
              .redirectInput(DEVICE.toFile())
              .redirectError(Redirect.DISCARD)
              .start();
      String[] fields =
          new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
              .strip()
              .split(" ", -1);
      stty.waitFor(1, TimeUnit.SECONDS);
      Size size = new Size(Integer.parseInt(fields[0]), Integer.parseInt(fields[1]));
      return size.rows() > 0 && size.columns() > 0 ? size : USUAL;
    } catch (IOException | RuntimeException e) {
      return USUAL;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return USUAL;
    }
  }

  /** Rows and columns. */
  record Size(int rows, int columns) {}
}
