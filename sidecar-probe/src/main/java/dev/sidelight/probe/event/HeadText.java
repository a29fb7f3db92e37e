/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.event;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.BiConsumer;

/**
 * First bytes of a message, a character each (ISO-8859-1): a view, which copies nothing until a
 * text is asked for, since every request is looked through. Whoever holds the bytes does not change
 * them.
 */
public final class HeadText {
  /** No bytes. */
  public static final HeadText NONE = of(new byte[0]);

  private static final String BLANK_LINE = "\r\n\r\n";

  /** What a name may consist of besides letters and digits: RFC 9110, 5.6.2. */
  private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";

  private final byte[] bytes;
  private final int from;
  private final int to;

  /** What lies from one index up to another. */
  HeadText(byte[] bytes, int from, int to) {
    this.bytes = bytes;
    this.from = from;
    this.to = to;
  }

  /** All of these. */
  public static HeadText of(byte[] bytes) {
    return new HeadText(bytes, 0, bytes.length);
  }

  /** How many. */
  public int length() {
    return to - from;
  }

  /** Whether there are none. */
  public boolean isEmpty() {
    return to == from;
  }

  /** The nth of them. */
  public char charAt(int n) {
    return (char) (bytes[from + n] & 0xff);
  }

  /** Without the first ones. */
  public HeadText from(int n) {
    return new HeadText(bytes, from + n, to);
  }

  /** Where this character is next, or the length. */
  public int indexOf(char wanted, int start) {
    int at = from + start;
    while (at < to && bytes[at] != wanted) {
      at++;
    }
    return at - from;
  }

  /** Whether this text is at this index. */
  public boolean hasAt(int n, String ascii) {
    if (length() - n < ascii.length()) {
      return false;
    }
    for (int i = 0; i < ascii.length(); i++) {
      if (bytes[from + n + i] != ascii.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** The text from one index up to another. */
  public String text(int start, int end) {
    return new String(bytes, from + start, end - start, StandardCharsets.ISO_8859_1);
  }

  /** Copies all of them. */
  public void copyTo(byte[] target, int at) {
    System.arraycopy(bytes, from, target, at, length());
  }

  /**
   * Where the blank line ends that ends the head, or -1 where it is not among them. Horspool's
   * search: Software: Practice and Experience 10 (1980), 501.
   */
  public int headEnd() {
    int last = BLANK_LINE.length() - 1;
    int at = from + last;
    while (at < to) {
      byte b = bytes[at];
      if (b == '\n' && hasAt(at - last - from, BLANK_LINE)) {
        return at + 1 - from;
      }
      at += b == '\r' ? 1 : b == '\n' ? 2 : BLANK_LINE.length();
    }
    return -1;
  }

  /**
   * A header field's value, of the first that has this name; empty where there is none, or its
   * line's end is not among the bytes, since a value that was cut is a wrong one.
   *
   * @param name in lower case
   */
  public String field(String name) {
    int start = indexOf('\n', 0) + 1;
    while (start < length()) {
      int end = indexOf('\n', start);
      if (end == length() || end <= start + 1) {
        return "";
      }
      int colon = start + name.length();
      if (colon < end && charAt(colon) == ':' && isNamed(start, name)) {
        return text(colon + 1, end).trim();
      }
      start = end + 1;
    }
    return "";
  }

  /**
   * Gives each header field whose line is whole, its name in lower case. What is not of the form of
   * one is passed over, a line that continues a value included.
   */
  public void forEachField(BiConsumer<String, String> field) {
    int start = indexOf('\n', 0) + 1;
    while (start < length()) {
      int end = indexOf('\n', start);
      if (end == length() || end <= start + 1) {
        return;
      }
      int colon = indexOf(':', start);
      if (colon < end && isToken(start, colon)) {
        field.accept(text(start, colon).toLowerCase(Locale.ROOT), text(colon + 1, end).trim());
      }
      start = end + 1;
    }
  }

  private boolean isToken(int start, int end) {
    for (int i = start; i < end; i++) {
      char c = charAt(i);
      boolean alphanumeric = c < 128 && Character.isLetterOrDigit(c);
      if (!alphanumeric && TOKEN_MARKS.indexOf(c) < 0) {
        return false;
      }
    }
    return end > start;
  }

  private boolean isNamed(int start, String name) {
    for (int i = 0; i < name.length(); i++) {
      if (Character.toLowerCase(charAt(start + i)) != name.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** This, and what follows on it. */
  HeadText and(HeadText more) {
    if (isEmpty()) {
      return more;
    }
    byte[] both = Arrays.copyOf(Arrays.copyOfRange(bytes, from, to), length() + more.length());
    more.copyTo(both, length());
    return of(both);
  }

  @Override
  public String toString() {
    return text(0, length());
  }
}
