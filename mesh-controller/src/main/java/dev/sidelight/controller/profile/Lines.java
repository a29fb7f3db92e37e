/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.profile;

import java.util.LinkedHashMap;
import java.util.Map;

/** Lines by what their connections have in common, bounded. Not thread-safe. */
final class Lines {

  // deps
  private final int max;

  // state
  private final Map<LineKey, Line> lineByKey = new LinkedHashMap<>();

  Lines(int max) {
    this.max = max;
  }

  /** The key itself, or that of the line for what there is no room for. */
  LineKey admitted(LineKey key) {
    return lineByKey.containsKey(key) || lineByKey.size() < max ? key : key.other();
  }

  /** The line of an admitted key. */
  Line line(LineKey admitted) {
    return lineByKey.computeIfAbsent(admitted, unused -> new Line());
  }

  Map<LineKey, Line> lineByKey() {
    return lineByKey;
  }
}
