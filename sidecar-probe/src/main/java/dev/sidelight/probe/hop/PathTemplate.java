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

  /** Shorter ones are identifiers only as numbers or with an @ in them. */
  private static final int HASH_LENGTH_MIN = 8;

  private static final int UUID_LENGTH = 36;

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
    int last = path.length();
    StringBuilder template = null;
    int start = 0;
    while (start <= last) {
      int slash = path.indexOf('/', start);
      int end = slash < 0 ? last : slash;
      boolean isId = isIdentifier(path, start, end);
      // Most paths name nothing, and are their own template: this runs for every request.
      if (isId && template == null) {
        template = new StringBuilder(path.length()).append(path, 0, start);
      }
      if (template != null) {
        template.append(isId ? ID : path.substring(start, end)).append(slash < 0 ? "" : "/");
      }
      start = end + 1;
    }
    String whole = template == null ? path : template.toString();
    return whole.length() > LENGTH_MAX ? whole.substring(0, LENGTH_MAX) : whole;
  }

  /** Asks the pattern only where it may match. */
  private static boolean isIdentifier(String path, int start, int end) {
    int digits = 0;
    boolean at = false;
    for (int i = start; i < end; i++) {
      char c = path.charAt(i);
      at |= c == '@';
      digits += c >= '0' && c <= '9' ? 1 : 0;
    }
    int length = end - start;
    if (digits == length) {
      return length > 0;
    }
    boolean mayBe = at || length == UUID_LENGTH || (digits > 0 && length >= HASH_LENGTH_MIN);
    return mayBe && IDENTIFIER.matcher(path).region(start, end).matches();
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
