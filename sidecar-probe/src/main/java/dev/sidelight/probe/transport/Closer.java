/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.transport;

import java.util.Locale;

/** Who sent the first FIN; in the order of enum transport_closer of bpf/transport.h. */
enum Closer {
  NONE,
  LOCAL,
  REMOTE,
  RESET;

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
