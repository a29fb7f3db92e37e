/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.overlay;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Locale;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/** Content codings that graphs are read and written in. */
enum ContentCoding {
  IDENTITY,
  GZIP,
  DEFLATE;

  private static final int ZLIB_DEFLATE = 8;

  /**
   * The coding by the value of content-encoding, null for none.
   *
   * @throws PassedException for any that is not known
   */
  static ContentCoding of(String contentEncoding) throws PassedException {
    String name = contentEncoding == null ? "" : contentEncoding.strip().toLowerCase(Locale.ROOT);
    return switch (name) {
      case "", "identity" -> IDENTITY;
      case "gzip", "x-gzip" -> GZIP;
      case "deflate" -> DEFLATE;
      default -> throw new PassedException(Outcome.UNDECODABLE, "content coding " + name);
    };
  }

  /**
   * What to ask Kiali for, so that its graph can be read here and the coding suits the client.
   *
   * @param acceptEncoding what the client accepts
   */
  static String readable(String acceptEncoding) {
    boolean deflate = false;
    for (String element : acceptEncoding.toLowerCase(Locale.ROOT).split(",", -1)) {
      String[] parameters = element.strip().split("\\s*;\\s*", -1);
      if (parameters.length > 1 && parameters[1].matches("q\\s*=\\s*0(?:\\.0*)?")) {
        continue;
      }
      if (parameters[0].equals("gzip") || parameters[0].equals("*")) {
        return "gzip";
      }
      deflate |= parameters[0].equals("deflate");
    }
    return deflate ? "deflate" : "identity";
  }

  /**
   * The content.
   *
   * @param maxBytes its longest length
   * @throws PassedException where it is longer, or broken
   */
  byte[] decode(byte[] body, int maxBytes) throws PassedException {
    if (this == IDENTITY) {
      return body;
    }
    try (InputStream in = decoder(body)) {
      byte[] content = in.readNBytes(maxBytes + 1);
      if (content.length > maxBytes) {
        throw new PassedException(Outcome.TOO_LARGE, "longer than " + maxBytes + " decoded");
      }
      return content;
    } catch (IOException e) {
      throw new PassedException(Outcome.UNDECODABLE, e);
    }
  }

  private InputStream decoder(byte[] body) throws IOException {
    ByteArrayInputStream bytes = new ByteArrayInputStream(body);
    if (this == GZIP) {
      return new GZIPInputStream(bytes);
    }
    return isZlib(body)
        ? new InflaterInputStream(bytes)
        : new InflaterInputStream(bytes, new Inflater(true));
  }

  /** HTTP's deflate is zlib's format, but some send it without zlib's head. */
  private static boolean isZlib(byte[] body) {
    return body.length > 1
        && (body[0] & 0x0f) == ZLIB_DEFLATE
        && ((body[0] & 0xff) << 8 | (body[1] & 0xff)) % 31 == 0;
  }

  byte[] encode(byte[] content) throws IOException {
    if (this == IDENTITY) {
      return content;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(content.length / 4);
    try (OutputStream out =
        this == GZIP ? new GZIPOutputStream(bytes) : new DeflaterOutputStream(bytes)) {
      out.write(content);
    }
    return bytes.toByteArray();
  }
}
