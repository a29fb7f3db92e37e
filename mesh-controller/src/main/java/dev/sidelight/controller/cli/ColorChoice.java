/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.cli;

/** When words are coloured. */
enum ColorChoice {
  /** On a terminal, unless NO_COLOR is set. */
  auto {
    @Override
    boolean colors(Terminal terminal) {
      return terminal.interactive()
          && terminal.environment().getOrDefault("NO_COLOR", "").isEmpty();
    }
  },
  /** Into a pipe too. */
  always {
    @Override
    boolean colors(Terminal terminal) {
      return true;
    }
  },
  /** Never. */
  never {
    @Override
    boolean colors(Terminal terminal) {
      return false;
    }
  };

  abstract boolean colors(Terminal terminal);
}
