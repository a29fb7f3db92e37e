/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidelight.controller.FakeClock;
import io.prometheus.client.CollectorRegistry;
import org.junit.jupiter.api.Test;

final class LagMetricsTest {

  private static final long NOW = 1_795_534_422;
  private static final long SECOND = 1_000_000_000;

  private final CollectorRegistry registry = new CollectorRegistry();
  private final LagMetrics lags = new LagMetrics(new FakeClock(NOW)).register(registry);

  @Test
  void accessLogEntry_isFromTheEndOfTheRequest() {
    lags.accessLogEntry(NOW * SECOND - 700_000_000);
    assertThat(value("sidelight_als_lag_seconds_sum")).isEqualTo(0.7);
    assertThat(bucket("sidelight_als_lag_seconds", "0.5")).isZero();
    assertThat(bucket("sidelight_als_lag_seconds", "1.0")).isEqualTo(1);
  }

  @Test
  void clockAhead_isNoLag() {
    lags.accessLogEntry(NOW * SECOND + 1);
    assertThat(value("sidelight_als_lag_seconds_sum")).isZero();
    assertThat(value("sidelight_als_lag_seconds_count")).isEqualTo(1);
  }

  @Test
  void hop_isByItsNodesClock() {
    lags.hop("a", 5 * SECOND);
    assertThat(value("sidelight_hop_lag_seconds_count")).isZero();
    lags.clock("a", (NOW - 7) * SECOND);
    lags.hop("a", 5 * SECOND);
    lags.hop("b", 5 * SECOND);
    assertThat(value("sidelight_hop_lag_seconds_count")).isEqualTo(1);
    assertThat(value("sidelight_hop_lag_seconds_sum")).isEqualTo(2);
  }

  private double value(String name) {
    return registry.getSampleValue(name);
  }

  private double bucket(String name, String bound) {
    return registry.getSampleValue(name + "_bucket", new String[] {"le"}, new String[] {bound});
  }
}
