/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.bookinfo;

import java.util.ArrayList;
import java.util.List;
import java.util.ListIterator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a walkthrough has its reader do, and what they are shown then: a command of a block {@code
 * console}, or an address to open of a block {@code page}.
 *
 * @param line where in the page it stands, from 1
 * @param input the command, or the address
 * @param expected lines of its output, or texts that the page then shows
 */
record WalkthroughStep(int line, Kind kind, String input, List<String> expected) {

  private static final String PROMPT = "$ ";
  private static final String CONTINUED = "> ";
  private static final String FENCE = "```";

  /** Stands for any lines. */
  private static final String OMISSION = "...";

  /**
   * What differs from run to run: figures with their unit, how wide a table's columns are, and its
   * bars. A digit in a name, as of reviews-v3 or p95, is no figure.
   */
  private static final Pattern VARIES =
      Pattern.compile("(?<![\\w-])\\d+(?:\\.\\d+)?(?:\\s?(?:µs|ms|s)\\b)?|\\h*#+|\\h+");

  enum Kind {
    COMMAND,
    PAGE
  }

  /** The steps of the section with that heading, in their order. */
  static List<WalkthroughStep> of(List<String> page, String heading) {
    List<WalkthroughStep> steps = new ArrayList<>();
    ListIterator<String> lines = page.listIterator(page.indexOf(heading) + 1);
    while (lines.hasNext()) {
      String line = lines.next();
      if (line.startsWith("## ")) {
        break;
      }
      switch (line) {
        case FENCE + "console" -> commands(lines, steps);
        case FENCE + "page" -> steps.add(look(lines));
        default -> skipBlock(line, lines);
      }
    }
    return steps;
  }

  private static void commands(ListIterator<String> lines, List<WalkthroughStep> steps) {
    for (String line = lines.next(); !line.equals(FENCE); line = lines.next()) {
      if (line.startsWith(PROMPT)) {
        int at = lines.nextIndex();
        StringBuilder command = new StringBuilder(line.substring(PROMPT.length()));
        for (line = lines.next(); line.startsWith(CONTINUED); line = lines.next()) {
          command.append('\n').append(line.substring(CONTINUED.length()));
        }
        lines.previous();
        steps.add(new WalkthroughStep(at, Kind.COMMAND, command.toString(), new ArrayList<>()));
      } else {
        steps.get(steps.size() - 1).expected.add(line);
      }
    }
  }

  private static WalkthroughStep look(ListIterator<String> lines) {
    int at = lines.nextIndex() + 1;
    String address = lines.next();
    List<String> expected = new ArrayList<>();
    for (String line = lines.next(); !line.equals(FENCE); line = lines.next()) {
      expected.add(line);
    }
    return new WalkthroughStep(at, Kind.PAGE, address, expected);
  }

  /** Of other kinds of blocks nothing is executed. */
  private static void skipBlock(String line, ListIterator<String> lines) {
    if (line.startsWith(FENCE)) {
      String skipped = lines.next();
      while (!skipped.equals(FENCE)) {
        skipped = lines.next();
      }
    }
  }

  /** What its output must match as a whole. */
  Pattern output() {
    return Pattern.compile(
        expected.stream()
            .map(
                line ->
                    line.strip().equals(OMISSION)
                        ? "(?:.*\\n)*?"
                        : "\\h*" + words(line) + "\\h*\\n")
            .collect(Collectors.joining()));
  }

  /** What must be found in the page's text, each of them. */
  List<Pattern> texts() {
    return expected.stream().map(line -> Pattern.compile(words(line))).toList();
  }

  /** The line word by word, with anything where it varies. */
  private static String words(String line) {
    StringBuilder regex = new StringBuilder();
    Matcher varies = VARIES.matcher(line.strip());
    int end = 0;
    while (varies.find()) {
      regex.append(literally(line.strip().substring(end, varies.start())));
      regex.append(anythingLike(varies.group()));
      end = varies.end();
    }
    return regex.append(literally(line.strip().substring(end))).toString();
  }

  private static String literally(String words) {
    return words.isEmpty() ? "" : Pattern.quote(words);
  }

  private static String anythingLike(String found) {
    if (found.isBlank()) {
      return "\\h+";
    }
    return found.endsWith("#") ? "\\h*#*" : "\\d+(?:[.,]\\d+)*(?:\\s?(?:µs|ms|s)\\b)?";
  }
}
