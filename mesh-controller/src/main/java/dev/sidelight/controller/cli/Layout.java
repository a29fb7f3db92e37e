/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.cli;

import java.util.ArrayList;
import java.util.List;

/**
 * What text must fit.
 *
 * @param width columns; {@link #UNBOUNDED} where it goes into a pipe or a file
 * @param colors whether words are coloured
 */
record Layout(int width, boolean colors) {

  static final int UNBOUNDED = Integer.MAX_VALUE;

  /** Sentences are broken here where the width does not say. */
  private static final int PROSE_WIDTH = 100;

  String paint(Style style, String text) {
    return style.paint(text, colors);
  }

  /** A sentence in lines that fit, the following ones indented as far as the first. */
  List<String> wrap(String indent, String sentence) {
    int room = Math.max(20, Math.min(width, PROSE_WIDTH) - indent.length());
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : sentence.split(" ", -1)) {
      if (line.length() > 0 && line.length() + 1 + word.length() > room) {
        lines.add(indent + line);
        line.setLength(0);
      }
      line.append(line.length() == 0 ? "" : " ").append(word);
    }
    lines.add(indent + line);
    return lines;
  }

  /** A plain line, cut where it does not fit. */
  String cut(String line) {
    return line.length() <= width ? line : line.substring(0, Math.max(0, width - 1)) + "~";
  }
}
