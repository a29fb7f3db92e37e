/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.bookinfo.reviews;

import java.util.concurrent.TimeUnit;

/**
 * One injected delay.
 *
 * @param kind as in {@code mesh fault}; {@code none} where there is none
 * @param delayMicros how long, at least 0
 */
record Fault(String kind, long delayMicros) {
  static final Fault NONE = new Fault("none", 0);

  /** Waits for the delay if this fault is of that kind. */
  void delayIf(String wantedKind) throws InterruptedException {
    if (kind.equals(wantedKind)) {
      TimeUnit.MICROSECONDS.sleep(delayMicros);
    }
  }
}
