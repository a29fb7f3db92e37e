/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Compares JSON, or text, with a file under {@code src/test/resources}, in which it is indented.
 * {@code -Dgoldens.rewrite=true} writes the file instead: look at the difference before you commit
 * it.
 */
public final class Golden {

  private static final boolean REWRITE = Boolean.getBoolean("goldens.rewrite");

  /** Keeps numbers as they were written. */
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
          .build();

  private static final ObjectWriter INDENTED = MAPPER.writerWithDefaultPrettyPrinter();

  private Golden() {}

  /** The order of keys counts. */
  public static void assertThatJsonIs(byte[] json, String name) {
    Path file = Path.of("src/test/resources", name);
    try {
      String actual = indented(json);
      if (REWRITE) {
        Files.createDirectories(file.getParent());
        Files.writeString(file, actual);
      }
      assertThat(actual).isEqualTo(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(name, e);
    }
  }

  /** The same of any text. */
  static void assertThatTextIs(String actual, String name) {
    Path file = Path.of("src/test/resources", name);
    try {
      if (REWRITE) {
        Files.createDirectories(file.getParent());
        Files.writeString(file, actual);
      }
      assertThat(actual).as(name).isEqualTo(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(name, e);
    }
  }

  private static String indented(byte[] json) throws IOException {
    try {
      return INDENTED.writeValueAsString(MAPPER.readTree(json)) + "\n";
    } catch (JsonProcessingException e) {
      throw new AssertionError("not JSON", e);
    }
  }
}
