/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.web;

import java.io.IOException;
import java.io.OutputStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;

/**
 * UTF-8 without locks: TextFormat writes label values character by character, and
 * OutputStreamWriter takes a lock for each. What is no Unicode becomes a question mark. One thread.
 */
final class TextWriter extends Writer {

  private static final int CHARACTERS = 1 << 15;

  // deps
  private final OutputStream out;
  // state
  private final char[] buffer = new char[CHARACTERS];
  private int size;

  TextWriter(OutputStream out) {
    this.out = out;
  }

  @Override
  public void write(int character) throws IOException {
    if (size == CHARACTERS) {
      writeOut();
    }
    buffer[size++] = (char) character;
  }

  @Override
  public void write(String text, int offset, int length) throws IOException {
    if (length <= CHARACTERS - size) {
      text.getChars(offset, offset + length, buffer, size);
      size += length;
    } else {
      writeInParts(text, offset, length);
    }
  }

  private void writeInParts(String text, int offset, int length) throws IOException {
    int written = 0;
    while (written < length) {
      if (size == CHARACTERS) {
        writeOut();
      }
      int part = Math.min(length - written, CHARACTERS - size);
      text.getChars(offset + written, offset + written + part, buffer, size);
      size += part;
      written += part;
    }
  }

  @Override
  public void write(char[] characters, int offset, int length) throws IOException {
    write(new String(characters, offset, length));
  }

  /** All but the first half of a pair whose second half is still to come. */
  private void writeOut() throws IOException {
    boolean pairBegun = Character.isHighSurrogate(buffer[size - 1]);
    int whole = pairBegun ? size - 1 : size;
    writeOut(whole);
    if (pairBegun) {
      buffer[0] = buffer[whole];
      size = 1;
    }
  }

  private void writeOut(int length) throws IOException {
    byte[] bytes = new String(buffer, 0, length).getBytes(StandardCharsets.UTF_8);
    out.write(bytes, 0, bytes.length);
    size = 0;
  }

  /** Does nothing: what is flushed in pieces is compressed badly. */
  @Override
  public void flush() {}

  @Override
  public void close() throws IOException {
    writeOut(size);
    out.close();
  }
}
