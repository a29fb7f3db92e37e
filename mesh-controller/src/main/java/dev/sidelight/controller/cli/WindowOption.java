/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.cli;

import picocli.CommandLine.Option;

/** How far back. */
final class WindowOption {

  @Option(
      names = "--window",
      paramLabel = "TIME",
      defaultValue = "60s",
      description = "how far back, like 30s or 5m; default: ${DEFAULT-VALUE}")
  private String window;

  String value() {
    return window;
  }
}
