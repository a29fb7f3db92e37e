/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe;

import dev.sidelight.probe.export.SeriesGrowth;
import dev.sidelight.probe.transport.ConnectionTable;
import java.util.List;

/** What connections have carried, on its way to the controller. */
record ConnectionGrowth(ConnectionTable connections) implements SeriesGrowth {

  @Override
  public boolean hasGrown() {
    return connections.hasGrown();
  }

  @Override
  public List<byte[]> takeGrowth() {
    return connections.takeGrowth();
  }
}
