/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.export;

import java.util.List;

/**
 * Whoever knows what the series of connections have grown by since it was last taken. Any thread.
 */
public interface SeriesGrowth {

  /** Whether there is any. */
  boolean hasGrown();

  /** Messages of the contract's TcpSeries, written; given once. */
  List<byte[]> takeGrowth();
}
