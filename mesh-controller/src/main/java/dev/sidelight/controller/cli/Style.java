/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.cli;

/** How a word looks on a terminal: ANSI's numbers. */
enum Style {
  PLAIN(0),
  BOLD(1),
  DIM(2),
  RED(31),
  GREEN(32),
  YELLOW(33),
  MAGENTA(35),
  CYAN(36);

  private final int number;

  Style(int number) {
    this.number = number;
  }

  /** The text in this style, where styles are wanted at all. */
  String paint(String text, boolean colors) {
    return !colors || this == PLAIN || text.isEmpty()
        ? text
        : "\u001b[" + number + "m" + text + "\u001b[0m";
  }
}
