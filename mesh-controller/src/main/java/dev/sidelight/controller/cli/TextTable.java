/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.cli;

import java.util.ArrayList;
import java.util.List;

/** Rows of cells in columns. The first column gives way where the width does not suffice. */
final class TextTable {

  private static final String GAP = "  ";
  private static final int NARROWEST = 20;

  // deps
  private final Layout layout;
  // state
  private final List<Column> columns = new ArrayList<>();
  private final List<List<Cell>> rows = new ArrayList<>();

  TextTable(Layout layout) {
    this.layout = layout;
  }

  /** A column of words. */
  TextTable left(String title) {
    columns.add(new Column(title, false));
    return this;
  }

  /** A column of figures. */
  TextTable right(String title) {
    columns.add(new Column(title, true));
    return this;
  }

  TextTable row(List<Cell> cells) {
    rows.add(List.copyOf(cells));
    return this;
  }

  List<String> lines() {
    int[] widths = widths();
    List<String> lines = new ArrayList<>();
    List<Cell> titles =
        columns.stream().map(column -> new Cell(column.title(), Style.BOLD)).toList();
    lines.add(line(titles, widths));
    for (List<Cell> row : rows) {
      lines.add(line(row, widths));
    }
    return lines;
  }

  private int[] widths() {
    int[] widths = new int[columns.size()];
    int sum = GAP.length() * (columns.size() - 1);
    for (int i = 0; i < widths.length; i++) {
      int column = i;
      widths[i] =
          rows.stream()
              .mapToInt(row -> row.get(column).text().length())
              .reduce(columns.get(i).title().length(), Math::max);
      sum += widths[i];
    }
    if (sum > layout.width()) {
      int least = Math.max(NARROWEST, layout.width() / 3);
      widths[0] = Math.max(Math.min(widths[0], least), widths[0] - (sum - layout.width()));
    }
    return widths;
  }

  /** Columns that do not fit at all are left out, the last ones first. */
  private String line(List<Cell> cells, int[] widths) {
    StringBuilder line = new StringBuilder();
    int used = 0;
    for (int i = 0; i < widths.length; i++) {
      used += widths[i] + (i == 0 ? 0 : GAP.length());
      if (i > 0 && used > layout.width()) {
        break;
      }
      Cell cell = cells.get(i);
      String text = new Layout(widths[i], false).cut(cell.text());
      String padding = " ".repeat(widths[i] - text.length());
      line.append(i == 0 ? "" : GAP);
      line.append(
          columns.get(i).figures()
              ? padding + layout.paint(cell.style(), text)
              : layout.paint(cell.style(), text) + padding);
    }
    return line.toString().stripTrailing();
  }

  /**
   * One field.
   *
   * @param text without styles
   * @param style how it looks
   */
  record Cell(String text, Style style) {
    static Cell of(String text) {
      return new Cell(text, Style.PLAIN);
    }
  }

  /** A column. */
  private record Column(String title, boolean figures) {}
}
