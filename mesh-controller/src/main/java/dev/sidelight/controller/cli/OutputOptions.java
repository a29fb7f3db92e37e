/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.cli;

import picocli.CommandLine.Option;

/** In which form. */
final class OutputOptions {

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "table",
      description = "${COMPLETION-CANDIDATES}; default: ${DEFAULT-VALUE}")
  private OutputFormat format;

  @Option(
      names = "--color",
      paramLabel = "WHEN",
      defaultValue = "auto",
      description =
          "${COMPLETION-CANDIDATES}; default: ${DEFAULT-VALUE}, on a terminal where NO_COLOR is not set")
  private ColorChoice color;

  OutputFormat format() {
    return format;
  }

  ColorChoice color() {
    return color;
  }
}
