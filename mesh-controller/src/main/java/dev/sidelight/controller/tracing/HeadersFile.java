/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.tracing;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Headers for the collector, tokens among them, from a file that is read before each request, so
 * that a secret may change. Where it cannot be read what it said before is sent.
 */
final class HeadersFile implements Supplier<Map<String, String>> {

  private static final Logger logger = LoggerFactory.getLogger(HeadersFile.class);

  // deps
  private final Path path;

  // state
  private Map<String, String> headers = Map.of();
  private boolean unreadable;

  /** Null for no headers. */
  HeadersFile(Path path) {
    this.path = path;
  }

  @Override
  public synchronized Map<String, String> get() {
    if (path == null) {
      return headers;
    }
    try {
      headers = read(path);
      unreadable = false;
    } catch (IOException | IllegalArgumentException e) {
      if (!unreadable) {
        // The exception may quote the file: its kind and the path are enough.
        logger.warn("otlp: headers of {} cannot be read: {}", path, e.getClass().getSimpleName());
      }
      unreadable = true;
    }
    return headers;
  }

  private static Map<String, String> read(Path path) throws IOException {
    Properties file = new Properties();
    try (Reader reader = Files.newBufferedReader(path)) {
      file.load(reader);
    }
    Map<String, String> headers = new TreeMap<>();
    for (String name : file.stringPropertyNames()) {
      headers.put(name, file.getProperty(name).strip());
    }
    return headers;
  }
}
