/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Locale;

/** A connection of HTTP/1 whose every write is the test's own. */
final class HttpClientConnection implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 20_000;
  private static final int NO_CONTENT = 204;
  private static final int NOT_MODIFIED = 304;
  private static final int OK = 200;

  /**
   * What came back.
   *
   * @param status of the head
   * @param length bytes of head and body
   */
  record Response(int status, int length) {}

  private final Socket socket = new Socket();
  private final InputStream in;
  private int taken;

  HttpClientConnection(String address, int port) throws IOException {
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(TIMEOUT_MILLIS);
    socket.connect(new InetSocketAddress(address, port), TIMEOUT_MILLIS);
    in = new BufferedInputStream(socket.getInputStream());
  }

  /** Port of this end. */
  int localPort() {
    return socket.getLocalPort();
  }

  /** One write. */
  void send(String bytes) throws IOException {
    socket.getOutputStream().write(bytes.getBytes(ISO_8859_1));
  }

  /**
   * Reads one response to its end.
   *
   * @param method of its request: the one to HEAD has no body
   */
  Response read(String method) throws IOException {
    taken = 0;
    int status = Integer.parseInt(line().split(" ", 3)[1]);
    long length = 0;
    boolean chunked = false;
    for (String line = line(); !line.isEmpty(); line = line()) {
      String header = line.toLowerCase(Locale.ROOT);
      if (header.startsWith("content-length:")) {
        length = Long.parseLong(header.substring(header.indexOf(':') + 1).trim());
      }
      chunked |= header.startsWith("transfer-encoding:") && header.endsWith("chunked");
    }
    boolean bodiless = status < OK || status == NO_CONTENT || status == NOT_MODIFIED;
    if (bodiless || method.equals("HEAD")) {
      return new Response(status, taken);
    }
    if (chunked) {
      skipChunks();
    } else {
      skip(length);
    }
    return new Response(status, taken);
  }

  /** Reads so many bytes. */
  void skip(long length) throws IOException {
    for (long i = 0; i < length; i++) {
      next();
    }
  }

  private void skipChunks() throws IOException {
    int size;
    do {
      size = Integer.parseInt(line().trim(), 16);
      skip(size);
      line();
    } while (size > 0);
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = next(); c != '\n'; c = next()) {
      line.append((char) c);
    }
    return line.toString().trim();
  }

  private int next() throws IOException {
    int c = in.read();
    if (c < 0) {
      throw new EOFException();
    }
    taken++;
    return c;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
