/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller;

import dev.sidelight.controller.cli.Sidelight;

/**
 * What {@code java -jar} runs. Settings begin with a dash, so a first argument without one is a
 * command of the command line; everything else starts the controller. Refers to neither before it
 * is needed: a command loads nothing of the controller's.
 */
public final class ControllerJar {

  private ControllerJar() {}

  /** Either program. */
  public static void main(String[] args) {
    if (args.length > 0 && !args[0].startsWith("-")) {
      Sidelight.main(args);
    } else {
      SidelightController.main(args);
    }
  }
}
