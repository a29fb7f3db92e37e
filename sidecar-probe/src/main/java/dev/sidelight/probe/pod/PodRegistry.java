/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.pod;

/** Where the names of pods come from; fills a {@link PodIndex} by itself or at each refresh. */
interface PodRegistry extends AutoCloseable {

  /** Begins; returns at once, and never throws because the registry cannot be reached. */
  void start();

  /** Called by the scanning thread before each scan. */
  void refresh();

  /** Whether the index holds what the registry knows. */
  boolean isSynced();

  @Override
  void close();
}
