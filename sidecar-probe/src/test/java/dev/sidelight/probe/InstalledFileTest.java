/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstalledFileTest {

  @TempDir Path directory;

  @Test
  void file_takesThePlaceOfTheOneBefore() throws IOException {
    Path from = Files.writeString(directory.resolve("from"), "new");
    Path to = Files.writeString(directory.resolve("to"), "before, and longer");
    InstalledFile.install(from, to);
    InstalledFile.install(from, to);
    assertThat(to).hasContent("new");
    assertThat(directory.toFile().list()).containsExactlyInAnyOrder("from", "to");
  }

  @Test
  void missingFile_leavesTheOneBefore() throws IOException {
    Path to = Files.writeString(directory.resolve("to"), "before");
    assertThatThrownBy(() -> InstalledFile.install(directory.resolve("none"), to))
        .isInstanceOf(NoSuchFileException.class);
    assertThat(to).hasContent("before");
  }
}
