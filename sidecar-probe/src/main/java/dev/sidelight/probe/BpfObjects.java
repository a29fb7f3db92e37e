/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/** The compiled BPF objects, which lie in the jar. */
final class BpfObjects {

  private BpfObjects() {}

  static byte[] read(String name) {
    try (InputStream in = BpfObjects.class.getResourceAsStream(name)) {
      return Objects.requireNonNull(in, name).readAllBytes();
    } catch (IOException e) {
      throw new IllegalStateException("the jar's " + name + " cannot be read", e);
    }
  }
}
