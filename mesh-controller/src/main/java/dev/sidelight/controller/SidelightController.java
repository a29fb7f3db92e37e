/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The controller's main program. */
@Command(name = "sidelight-controller", mixinStandardHelpOptions = true)
public final class SidelightController implements Runnable {

  private SidelightController() {}

  /** Runs until SIGTERM. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new SidelightController()).execute(args));
  }

  @Override
  public void run() {}
}
