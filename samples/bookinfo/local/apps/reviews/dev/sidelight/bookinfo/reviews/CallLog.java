/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.bookinfo.reviews;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * One JSON line for each outbound call, against which tests hold Sidelight's total. Any thread may
 * add.
 */
final class CallLog {
  private final String caller;
  private final OutputStream file;

  CallLog(Path path, String caller) throws IOException {
    this.caller = caller;
    this.file = Files.newOutputStream(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  /** Writes one call; to be used when the caller's own response has left. */
  synchronized void add(String requestId, RatingsResponse call) {
    String line =
        String.format(
            "{\"requestId\":\"%s\",\"caller\":\"%s\",\"destination\":\"ratings\",\"startMonotonicNanos\":%d,"
                + "\"endMonotonicNanos\":%d,\"status\":%d,\"newConnection\":%b}%n",
            requestId.replaceAll("[\"\\\\]", "?"),
            caller,
            call.startMonotonicNanos(),
            call.endMonotonicNanos(),
            call.status(),
            call.newConnection());
    try {
      file.write(line.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the call log", e);
    }
  }
}
