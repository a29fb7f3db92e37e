/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Asks again and again, until Ctrl-C or until nobody reads any more. On a terminal each answer is
 * drawn over the last one, on the alternate screen, which ends as it began; into a pipe answers
 * follow one another without any control character. The first question must succeed; a later one
 * that fails is told and asked again.
 */
final class Watch {

  // deps
  private final Terminal terminal;
  private final long everyMillis;

  Watch(Terminal terminal, long everyMillis) {
    this.terminal = terminal;
    this.everyMillis = everyMillis;
  }

  int run(Supplier<JsonNode> question, Printer printer) {
    JsonNode answer = question.get();
    Screen screen = terminal.interactive() ? Screen.open(terminal) : null;
    long nextNanos = System.nanoTime();
    while (true) {
      if (answer != null) {
        show(screen, answer, printer);
      }
      if (terminal.out().checkError() || !sleepUntil(nextNanos += millisToNanos(everyMillis))) {
        return 0;
      }
      answer = again(question, screen);
    }
  }

  private void show(Screen screen, JsonNode answer, Printer printer) {
    if (screen == null) {
      printer.lines(answer, Layout.UNBOUNDED).forEach(terminal.out()::println);
      terminal.out().println();
      terminal.out().flush();
    } else {
      Terminal.Size size = terminal.size();
      screen.draw(printer.lines(answer, size.columns()), size);
    }
  }

  private JsonNode again(Supplier<JsonNode> question, Screen screen) {
    try {
      return question.get();
    } catch (CommandException e) {
      if (screen == null) {
        terminal.err().println(Sidelight.NAME + ": " + e.getMessage());
        terminal.err().flush();
      } else {
        Terminal.Size size = terminal.size();
        screen.draw(new Layout(size.columns(), false).wrap("", e.getMessage()), size);
      }
      return null;
    }
  }

  private static long millisToNanos(long millis) {
    return TimeUnit.MILLISECONDS.toNanos(millis);
  }

  private static boolean sleepUntil(long nanos) {
    try {
      TimeUnit.NANOSECONDS.sleep(nanos - System.nanoTime());
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** An answer's lines. */
  interface Printer {
    List<String> lines(JsonNode answer, int width);
  }
}
