/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.profile;

import java.util.Locale;

/** Why a task ended. */
enum TaskEnd {
  TIME,
  ASKED,
  POD_GONE;

  /** As in the contract. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
