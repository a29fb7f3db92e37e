/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.cli;

import java.io.PrintWriter;
import java.util.List;

/** The terminal's alternate screen, left however the process ends. */
final class Screen {

  private static final String ESCAPE = "\u001b[";
  private static final String ENTER = ESCAPE + "?1049h" + ESCAPE + "?25l";
  private static final String LEAVE = ESCAPE + "?25h" + ESCAPE + "?1049l";
  private static final String HOME = ESCAPE + "H";
  private static final String END_OF_LINE = ESCAPE + "K";
  private static final String END_OF_SCREEN = ESCAPE + "J";

  // deps
  private final PrintWriter out;
  // state
  private boolean closed;

  private Screen(PrintWriter out) {
    this.out = out;
  }

  static Screen open(Terminal terminal) {
    Screen screen = new Screen(terminal.out());
    Runtime.getRuntime().addShutdownHook(new Thread(screen::close, "sidelight-screen"));
    screen.write(ENTER);
    return screen;
  }

  /** In one piece, so that nothing flickers; what is below the last row is left out. */
  void draw(List<String> lines, Terminal.Size size) {
    StringBuilder drawn = new StringBuilder(HOME);
    int rows = Math.min(lines.size(), size.rows());
    for (int i = 0; i < rows; i++) {
      drawn.append(i == 0 ? "" : "\r\n").append(lines.get(i)).append(END_OF_LINE);
    }
    write(drawn.append(END_OF_SCREEN).toString());
  }

  private synchronized void write(String text) {
    if (!closed) {
      out.print(text);
      out.flush();
    }
  }

  synchronized void close() {
    write(LEAVE);
    closed = true;
  }
}
