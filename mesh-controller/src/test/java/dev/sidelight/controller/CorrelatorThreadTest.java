/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sidelight.controller.metrics.IngestMetrics;
import dev.sidelight.correlator.AccessLogEntry;
import dev.sidelight.correlator.ClockSample;
import dev.sidelight.correlator.Correlator;
import dev.sidelight.correlator.CorrelatorSettings;
import dev.sidelight.correlator.Proxy;
import dev.sidelight.correlator.ProxyType;
import dev.sidelight.correlator.SocketAddress;
import dev.sidelight.correlator.TrafficDirection;
import dev.sidelight.correlator.Workload;
import io.prometheus.client.CollectorRegistry;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CorrelatorThreadTest {

  private static final long SECOND_NANOS = 1_000_000_000L;

  private final CollectorRegistry registry = new CollectorRegistry();
  private final IngestMetrics metrics = new IngestMetrics(registry);
  private final AtomicLong clockNanos = new AtomicLong();
  private final CorrelatorThread correlator =
      new CorrelatorThread(
          new Correlator(
              new CorrelatorSettings(SECOND_NANOS, 1000, 1000),
              metrics,
              call -> {
                throw new IllegalStateException("a sink that fails");
              }),
          metrics,
          10,
          clockNanos::get);

  @AfterEach
  void stop() {
    correlator.close();
  }

  @Test
  void fullQueue_countsWhatItHasNoRoomFor() {
    for (int i = 0; i < 13; i++) {
      correlator.offer(new RoutedRecord.Entry(entry()));
    }
    correlator.offer(new RoutedRecord.Clock("node", new ClockSample(1, 1, 1)));

    assertThat(value("sidelight_router_overflow_total", "entry")).isEqualTo(3);
    assertThat(value("sidelight_router_overflow_total", "clock_sample")).isEqualTo(1);
  }

  @Test
  void failingSink_isCountedAndTheThreadGoesOn() {
    correlator.start();
    correlator.offer(new RoutedRecord.Entry(entry()));
    await().until(() -> value("sidelight_correlator_received_total", "entry") == 1);
    clockNanos.addAndGet(60 * SECOND_NANOS);
    await().until(() -> failures() >= 1);

    correlator.offer(new RoutedRecord.Entry(entry()));
    await().until(() -> value("sidelight_correlator_received_total", "entry") == 2);
  }

  @Test
  void drain_tellsWhatWaitsAsIfItsWindowWereOver() {
    correlator.offer(new RoutedRecord.Entry(entry()));
    correlator.start();

    correlator.drain();

    assertThat(value("sidelight_correlator_received_total", "entry")).isEqualTo(1);
    // The sink of this test fails: it was asked.
    assertThat(failures()).isEqualTo(1);
  }

  private double failures() {
    return registry.getSampleValue("sidelight_correlator_failures_total");
  }

  private double value(String name, String type) {
    Double value = registry.getSampleValue(name, new String[] {"type"}, new String[] {type});
    return value == null ? 0 : value;
  }

  private static AccessLogEntry entry() {
    return AccessLogEntry.builder()
        .proxy(new Proxy("n", ProxyType.SIDECAR, "10.77.0.13", Workload.UNKNOWN))
        .direction(TrafficDirection.INBOUND)
        .startEpochNanos(SECOND_NANOS)
        .downstreamRemote(new SocketAddress("10.77.0.9", 50000))
        .build();
  }
}
