/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.tls;

import java.nio.file.Path;
import java.util.Map;

/** Attaches to a library. */
@FunctionalInterface
public interface SslAttacher {

  /** What is attached, until closed. */
  @FunctionalInterface
  interface Attachment extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Attaches to the functions of one file, for all processes that map it.
   *
   * @param file a path to it that this process can open
   * @param offsets where its functions are in the file
   * @throws RuntimeException when the kernel refuses
   */
  Attachment attach(Path file, Map<SslFunction, Long> offsets);
}
