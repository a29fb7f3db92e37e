/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller;

import dev.sidelight.controller.istio.IstioEvents;
import dev.sidelight.controller.metrics.IstioConfigurationMetrics;
import java.util.Locale;

/** Counts what is done to Istio's configuration. */
record IstioTally(IstioConfigurationMetrics metrics) implements IstioEvents {

  @Override
  public void written(String kind, Outcome outcome) {
    metrics.written(kind, outcome.name().toLowerCase(Locale.ROOT));
  }
}
