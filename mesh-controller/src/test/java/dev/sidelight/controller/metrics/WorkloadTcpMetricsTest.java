/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sidelight.correlator.TcpGrowth;
import dev.sidelight.correlator.TcpHistogram;
import dev.sidelight.correlator.Workload;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.exporter.common.TextFormat;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class WorkloadTcpMetricsTest {

  private static final String LABELS =
      "{namespace=\"bookinfo\",workload=\"reviews-v1\",app=\"reviews\",version=\"v1\","
          + "process=\"java\",peer=\"envoy\",peer_kind=\"process\",side=\"server\",protocol=\"http1\","
          + "tls=\"false\"";
  private static final String OTHER = "{namespace=\"other\",workload=\"other\",";
  private static final long KEEP_NANOS = TimeUnit.MINUTES.toNanos(15);

  private final AtomicLong nanos = new AtomicLong();
  private final WorkloadTcpMetrics metrics = new WorkloadTcpMetrics(3, 2, KEEP_NANOS, nanos::get);

  @Test
  void growth_isAddedUp() {
    metrics.record("node-a", growth("reviews-v1", 100));
    metrics.record("node-b", growth("reviews-v1", 11));
    assertThat(page().lines())
        .contains(
            "sidelight_workload_tcp_write_total" + LABELS + ",} 4.0",
            "sidelight_workload_tcp_write_bytes_total" + LABELS + ",} 111.0",
            "sidelight_workload_tcp_write_duration_seconds_bucket"
                + LABELS
                + ",le=\"1.024E-6\",} 0.0",
            "sidelight_workload_tcp_write_duration_seconds_bucket"
                + LABELS
                + ",le=\"2.048E-6\",} 4.0",
            "sidelight_workload_tcp_write_duration_seconds_bucket" + LABELS + ",le=\"+Inf\",} 4.0",
            "sidelight_workload_tcp_write_duration_seconds_count" + LABELS + ",} 4.0",
            "sidelight_workload_tcp_write_duration_seconds_sum" + LABELS + ",} 6.0E-6",
            "sidelight_workload_tcp_rtt_seconds_bucket" + LABELS + ",le=\"1.0E-6\",} 2.0",
            "sidelight_workload_tcp_connect_total" + LABELS + ",} 2.0",
            "sidelight_workload_tcp_close_total" + LABELS + ",closer=\"local\",} 4.0",
            "sidelight_workload_tcp_close_duration_seconds_count"
                + LABELS
                + ",closer=\"local\",} 2.0",
            "sidelight_workload_tcp_retransmits_total" + LABELS + ",} 6.0",
            "sidelight_workload_tcp_drops_total" + LABELS + ",reason=\"NO_SOCKET\",} 2.0",
            "sidelight_workload_tcp_series 1.0",
            "sidelight_hop_tcp_series_total{outcome=\"accepted\",reason=\"\",} 2.0");
    assertThat(page()).doesNotContain("sidelight_workload_tcp_accept_total{");
  }

  @Test
  void whatAProbeBringsBeyondItsBound_isOther() {
    metrics.record("node-a", growth("a", 1));
    metrics.record("node-a", growth("b", 1));
    metrics.record("node-a", growth("c", 20));
    metrics.record("node-a", growth("d", 2));
    metrics.record("node-b", growth("c", 1));
    metrics.record("node-a", growth("c", 300));
    assertThat(bytes("c")).isEqualTo(301);
    assertThat(bytes("other")).isEqualTo(22);
    assertThat(page()).contains(OTHER);
    assertThat(page())
        .contains("sidelight_hop_tcp_series_total{outcome=\"accepted\",reason=\"\",} 4.0")
        .contains("sidelight_hop_tcp_series_total{outcome=\"merged\",reason=\"\",} 2.0");
  }

  @Test
  void whatIsBeyondTheBoundInAll_isOther() {
    for (int i = 0; i < 6; i++) {
      metrics.record("node-" + i, growth("w" + i, 1));
    }
    assertThat(bytes("w2")).isEqualTo(1);
    assertThat(bytes("w3")).isZero();
    assertThat(bytes("other")).isEqualTo(3);
    assertThat(page()).contains("sidelight_workload_tcp_series 4.0");
  }

  @Test
  void seriesOfVanishedWorkloads_goAndMakeRoom() {
    metrics.record("node-a", growth("a", 1));
    metrics.record("node-a", growth("b", 1));
    nanos.addAndGet(KEEP_NANOS);
    metrics.record("node-a", growth("b", 1));
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(11));
    assertThat(bytes("a")).isZero();
    assertThat(bytes("b")).isEqualTo(2);
    metrics.record("node-a", growth("c", 1));
    assertThat(bytes("c")).isEqualTo(1);
    nanos.addAndGet(2 * KEEP_NANOS);
    assertThat(page()).contains("sidelight_workload_tcp_series 0.0");
  }

  @Test
  void reasonsOfDrops_areBounded() {
    for (int i = 0; i < 100; i++) {
      metrics.record("node-a", withDrops(growth("reviews-v1", 1), Map.of("R" + i, 1L)));
    }
    assertThat(
            page().lines().filter(line -> line.startsWith("sidelight_workload_tcp_drops_total{")))
        .hasSize(65)
        .anyMatch(line -> line.contains("reason=\"other\"") && line.endsWith(" 36.0"));
  }

  @Test
  void refused_isCountedByReason() {
    metrics.refuse("many_buckets");
    assertThat(page())
        .contains(
            "sidelight_hop_tcp_series_total{outcome=\"refused\",reason=\"many_buckets\",} 1.0");
  }

  @Test
  void boundBelowOne_isRefused() {
    assertThatThrownBy(() -> new WorkloadTcpMetrics(0, 1, 1, nanos::get))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("0");
  }

  private double bytes(String workload) {
    return page()
        .lines()
        .filter(line -> line.startsWith("sidelight_workload_tcp_write_bytes_total{"))
        .filter(line -> line.contains(",workload=\"" + workload + "\","))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }

  private String page() {
    CollectorRegistry registry = new CollectorRegistry();
    metrics.register(registry);
    StringWriter page = new StringWriter();
    try {
      TextFormat.write004(page, registry.metricFamilySamples());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return page.toString();
  }

  private static TcpGrowth growth(String workload, long bytes) {
    return new TcpGrowth(
        new Workload("unknown", "bookinfo", workload, "reviews", "v1"),
        "java",
        "envoy",
        "process",
        "server",
        "http1",
        false,
        new TcpGrowth.Transfer(2, bytes, histogram(0, 2)),
        new TcpGrowth.Transfer(0, 0, TcpHistogram.EMPTY),
        histogram(1),
        TcpHistogram.EMPTY,
        List.of(new TcpGrowth.Close("local", 2, histogram(1))),
        histogram(1),
        3,
        Map.of("NO_SOCKET", 1L));
  }

  private static TcpGrowth withDrops(TcpGrowth growth, Map<String, Long> drops) {
    return new TcpGrowth(
        growth.workload(),
        growth.process(),
        growth.peer(),
        growth.peerKind(),
        growth.side(),
        growth.protocol(),
        growth.tls(),
        growth.writes(),
        growth.reads(),
        growth.connects(),
        growth.accepts(),
        growth.closes(),
        growth.roundTrips(),
        growth.retransmits(),
        drops);
  }

  private static TcpHistogram histogram(long... counts) {
    return new TcpHistogram(counts, 3000);
  }
}
