/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.status;

import java.util.List;

/**
 * One counter.
 *
 * @param name a metric's name, or {@link CallCounts#NAME}
 * @param labels its label values, in the order of the metric's labels
 */
public record CounterKey(String name, List<String> labels) {

  /** Copies the labels. */
  public CounterKey {
    labels = List.copyOf(labels);
  }
}
