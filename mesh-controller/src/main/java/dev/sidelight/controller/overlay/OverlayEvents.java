/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.overlay;

/** What the overlay tells. Any thread. */
public interface OverlayEvents {

  /** An answer went on its way. */
  void answered(Outcome outcome);

  /** A graph was read and changed, or read and left; waiting for its bytes is not counted. */
  void changeTook(long nanos);
}
