/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.cli;

import java.util.Optional;
import picocli.CommandLine.Option;

/** Whose. */
final class NamespaceOption {

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NAMESPACE",
      description = "of this namespace alone; default: all")
  private String namespace;

  Optional<String> value() {
    return Optional.ofNullable(namespace);
  }
}
