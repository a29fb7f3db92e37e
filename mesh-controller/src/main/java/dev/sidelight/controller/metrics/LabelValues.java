/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.metrics;

import java.util.Arrays;
import java.util.List;

/**
 * Values of a series' labels, as a key. One that is filled anew for each look-up finds a series
 * without allocating; a {@link #copy} of it is what a table keeps.
 */
final class LabelValues {

  /** Value of what is beyond a bound. */
  static final String MERGED = "other";

  /** Names in Kubernetes have at most 253 characters, and a SPIFFE id is made of two. */
  private static final int LONGEST = 600;

  // state
  private final String[] values;
  private int size;
  private int hash;

  LabelValues(int labels) {
    values = new String[labels];
  }

  /** A key whose values are all {@link #MERGED}. */
  static LabelValues merged(int labels) {
    LabelValues key = new LabelValues(labels);
    for (int i = 0; i < labels; i++) {
      key.add(MERGED);
    }
    return key;
  }

  LabelValues clear() {
    size = 0;
    hash = 0;
    return this;
  }

  /** Appends a value. */
  LabelValues add(String value) {
    values[size++] = value;
    hash = 31 * hash + value.hashCode();
    return this;
  }

  /** One to be kept; what is too long to be a name is {@link #MERGED} in it. */
  LabelValues copy() {
    LabelValues copy = new LabelValues(values.length);
    for (String value : values) {
      copy.add(value.length() > LONGEST ? MERGED : value);
    }
    return copy;
  }

  List<String> toList() {
    return List.of(values);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LabelValues key
        && key.hash == hash
        && Arrays.equals(key.values, values);
  }

  @Override
  public int hashCode() {
    return hash;
  }
}
