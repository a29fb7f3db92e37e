/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.web;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a client must know to change something. A file is read whenever it is needed, so that a new
 * token in it counts at once; where it cannot be read nobody is let in. Never says what the token
 * is. Any thread; reads a file.
 */
public final class ApiToken {

  private static final Logger LOGGER = LoggerFactory.getLogger(ApiToken.class);

  private static final String SCHEME = "Bearer ";
  private static final int LONGEST_BYTES = 4096;

  // deps
  private final String token;
  private final Path file;

  private ApiToken(String token, Path file) {
    this.token = token;
    this.file = file;
  }

  /** Everybody may change everything. */
  public static ApiToken none() {
    return new ApiToken("", null);
  }

  /**
   * This text.
   *
   * @throws IllegalArgumentException where it is no token; the message does not tell it
   */
  public static ApiToken of(String token) {
    return new ApiToken(checked(token), null);
  }

  /**
   * What the file holds, without white space around it. Where only the file is missing it may come
   * later, as that of an optional Secret does.
   *
   * @throws IllegalArgumentException where that is no token now; the message does not tell it
   * @throws IOException where the file cannot be read now, or its directory is missing
   */
  public static ApiToken in(Path file) throws IOException {
    try {
      read(file);
    } catch (NoSuchFileException e) {
      if (!Files.isDirectory(file.toAbsolutePath().getParent())) {
        throw e;
      }
      LOGGER.info("nobody may start or end profiles until {} is there", file);
    }
    return new ApiToken("", file);
  }

  /** Whether a token is needed at all. */
  public boolean isSet() {
    return file != null || !token.isEmpty();
  }

  /** Whether the value of a header authorization, which may be null, shows it. */
  boolean isShownBy(String authorization) {
    if (!isSet()) {
      return true;
    }
    String wanted = current();
    if (wanted == null
        || authorization == null
        || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return false;
    }
    String shown = authorization.substring(SCHEME.length()).strip();
    // Of the same length whatever is shown, so that the time tells neither content nor length.
    return MessageDigest.isEqual(digest(shown), digest(wanted));
  }

  private String current() {
    if (file == null) {
      return token;
    }
    try {
      return read(file);
    } catch (IOException | IllegalArgumentException e) {
      LOGGER.warn("no token is taken, since {} holds none: {}", file, e.toString());
      return null;
    }
  }

  private static String read(Path file) throws IOException {
    if (Files.size(file) > LONGEST_BYTES) {
      throw new IllegalArgumentException("more than " + LONGEST_BYTES + " bytes");
    }
    return checked(Files.readString(file, StandardCharsets.ISO_8859_1).strip());
  }

  private static String checked(String token) {
    if (token.isEmpty()) {
      throw new IllegalArgumentException("an empty token");
    }
    if (!token.chars().allMatch(character -> character > ' ' && character < 0x7f)) {
      throw new IllegalArgumentException("a token with characters that no header can carry");
    }
    return token;
  }

  private static byte[] digest(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  @Override
  public String toString() {
    if (file != null) {
      return "ApiToken in " + file;
    }
    return isSet() ? "ApiToken" : "no ApiToken";
  }
}
