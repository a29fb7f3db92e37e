/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

final class PrometheusSelectionTest {

  private static final Optional<String> ANY = Optional.empty();

  @Test
  void increase_ofAll() {
    assertThat(new PrometheusSelection(ANY, ANY, ANY, ANY, ANY, ANY).increase("m", "", 60))
        .isEqualTo("increase(m{}[60s])");
  }

  @Test
  void increase_ofAnEdge() {
    assertThat(
            new PrometheusSelection(
                    ANY,
                    Optional.of("a"),
                    Optional.of("b"),
                    Optional.of("c"),
                    Optional.of("d"),
                    Optional.of("http"))
                .increase("m", "code=~\"0\"", 300))
        .isEqualTo(
            "increase(m{source_workload_namespace=\"a\",source_workload=\"b\","
                + "destination_workload_namespace=\"c\",destination_workload=\"d\","
                + "request_protocol=\"http\",code=~\"0\"}[300s])");
  }

  @Test
  void increase_ofANamespaceIsOfBothEnds() {
    assertThat(
            new PrometheusSelection(Optional.of("a"), ANY, ANY, ANY, ANY, ANY)
                .increase("m", "", 60))
        .isEqualTo(
            "increase(m{source_workload_namespace=\"a\"}[60s])"
                + " or increase(m{destination_workload_namespace=\"a\"}[60s])");
  }

  @Test
  void increase_valuesCannotLeaveTheirQuotes() {
    assertThat(
            new PrometheusSelection(ANY, ANY, Optional.of("\"} or up{a=\"\\\n"), ANY, ANY, ANY)
                .increase("m", "", 60))
        .isEqualTo("increase(m{source_workload=\"\\\"} or up{a=\\\"\\\\\\n\"}[60s])");
  }
}
