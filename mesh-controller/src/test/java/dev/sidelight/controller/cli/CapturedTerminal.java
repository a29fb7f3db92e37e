/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;

/** Runs commands in this process and keeps what they print, as a pipe would. */
public final class CapturedTerminal {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final Map<String, String> environment;

  public CapturedTerminal(Map<String, String> environment) {
    this.environment = environment;
  }

  /** Runs a command; its exit code. */
  public int run(String... args) {
    return Sidelight.run(
        new Terminal(new PrintWriter(out), new PrintWriter(err), environment, false), args);
  }

  public String out() {
    return out.toString();
  }

  public String err() {
    return err.toString();
  }
}
