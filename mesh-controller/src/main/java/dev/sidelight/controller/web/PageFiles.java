/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * The page's files, from the class path: its own lie beside this class, cytoscape in its WebJar.
 * Each is read once and kept. Any thread.
 */
final class PageFiles {

  private static final String FOLDER = "page/";

  /** One plain name: no way out of the folder. */
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]*(\\.[a-z0-9]+)+");

  private static final Map<String, String> CONTENT_TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "mjs", "text/javascript; charset=utf-8",
          "svg", "image/svg+xml");

  /** Folders on the class path, by the file that the page takes from there. */
  private static final Map<String, String> LIBRARIES =
      Map.of("cytoscape.esm.min.mjs", "META-INF/resources/webjars/cytoscape/3.33.1/dist/");

  // state
  private final Map<String, PageFile> kept = new ConcurrentHashMap<>();

  /**
   * A file of the page.
   *
   * @return null where there is none of that name
   * @throws UncheckedIOException where it is there and cannot be read
   */
  PageFile find(String name) {
    String contentType = CONTENT_TYPES.get(name.substring(name.lastIndexOf('.') + 1));
    if (contentType == null || !NAME.matcher(name).matches()) {
      return null;
    }
    return kept.computeIfAbsent(name, key -> read(key, contentType));
  }

  private static PageFile read(String name, String contentType) {
    try (InputStream file = open(name)) {
      return file == null ? null : PageFile.of(contentType, file.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException("the page's file " + name + " cannot be read", e);
    }
  }

  private static InputStream open(String name) {
    String library = LIBRARIES.get(name);
    return library == null
        ? PageFiles.class.getResourceAsStream(FOLDER + name)
        : PageFiles.class.getClassLoader().getResourceAsStream(library + name);
  }
}
