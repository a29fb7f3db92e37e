/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.hop;

import java.util.regex.Pattern;

/**
 * Makes a path fit for a label: without query, fragment and scheme, and with {id} where a segment
 * names one thing.
 */
final class PathTemplate {
  private static final int LENGTH_MAX = 128;
  private static final String ID = "{id}";

  /** Numbers; UUIDs; hashes; and long words with a digit in them, which are no names. */
  private static final Pattern IDENTIFIER =
      Pattern.compile(
          "\\d+|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
              + "|(?=[^/]*\\d)[0-9a-fA-F]{8,}|(?=[^/]*\\d)[\\w.~%+=-]{24,}|[\\w.%+-]+@[\\w.-]+");

  private PathTemplate() {}

  /**
   * The template, at most 128 characters.
   *
   * @param target a request's target: origin-form, absolute-form, authority-form or *
   */
  static String of(String target) {
    String path = pathOf(target);
    StringBuilder template = new StringBuilder(path.length());
    int start = 0;
    while (start <= path.length()) {
      int slash = path.indexOf('/', start);
      int end = slash < 0 ? path.length() : slash;
      String segment = path.substring(start, end);
      template.append(IDENTIFIER.matcher(segment).matches() ? ID : segment);
      if (slash < 0) {
        break;
      }
      template.append('/');
      start = end + 1;
    }
    return template.length() > LENGTH_MAX ? template.substring(0, LENGTH_MAX) : template.toString();
  }

  private static String pathOf(String target) {
    int end = target.length();
    for (int i = 0; i < target.length(); i++) {
      char c = target.charAt(i);
      if (c == '?' || c == '#' || c == ';') {
        end = i;
        break;
      }
    }
    int scheme = target.indexOf("://");
    if (scheme < 0 || scheme > end) {
      return target.substring(0, end);
    }
    int slash = target.indexOf('/', scheme + "://".length());
    return slash < 0 || slash > end ? "/" : target.substring(slash, end);
  }
}
