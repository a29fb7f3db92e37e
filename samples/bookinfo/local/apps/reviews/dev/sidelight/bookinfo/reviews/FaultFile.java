/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.bookinfo.reviews;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;

/**
 * The delay that {@code mesh fault} wants of this program, in a file of one line {@code KIND
 * MILLISECONDS}. The file is reread only when it was replaced. Any thread may ask.
 */
final class FaultFile {
  private final Path path;

  private Object version = "";
  private Fault fault = Fault.NONE;

  FaultFile(Path path) {
    this.path = path;
  }

  /** The fault in force now; none where the file is absent or unreadable. */
  synchronized Fault current() {
    try {
      BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
      Object seen = List.of(attributes.lastModifiedTime(), attributes.fileKey());
      if (!seen.equals(version)) {
        String[] words = Files.readString(path).strip().split(" ", 2);
        fault = new Fault(words[0], Math.round(Double.parseDouble(words[1]) * 1000));
        version = seen;
      }
    } catch (IOException absent) {
      version = "";
      fault = Fault.NONE;
    }
    return fault;
  }
}
