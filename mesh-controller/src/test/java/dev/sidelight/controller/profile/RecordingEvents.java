/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.profile;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Keeps what it is told. */
final class RecordingEvents implements ProfileEvents {
  final List<String> requests = new ArrayList<>();
  final List<String> ended = new ArrayList<>();
  final List<String> refused = new ArrayList<>();
  private final Map<String, Long> omitted = new HashMap<>();
  long accepted;
  long missing;

  @Override
  public void requested(String outcome, String reason) {
    requests.add(outcome + " " + reason);
  }

  @Override
  public void ended(String reason) {
    ended.add(reason);
  }

  @Override
  public void reports(String outcome, long count) {
    if (outcome.equals("accepted")) {
      accepted += count;
    } else {
      missing += count;
    }
  }

  @Override
  public void reportRefused(String reason, String node, String detail) {
    refused.add(reason);
  }

  @Override
  public void omitted(String what, long count) {
    omitted.merge(what, count, Long::sum);
  }

  long omitted(String what) {
    return omitted.getOrDefault(what, 0L);
  }
}
