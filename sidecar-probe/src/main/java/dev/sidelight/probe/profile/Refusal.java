/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.profile;

import java.util.Locale;

/** Why a task is not begun. */
enum Refusal {
  UNKNOWN_POD,
  TOO_MANY_TASKS,
  BAD_DURATION,
  TOO_LONG,
  BAD_INTERVAL,
  SECRET_HEADER,
  TOO_MANY_HEADERS;

  /** As in the contract. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
