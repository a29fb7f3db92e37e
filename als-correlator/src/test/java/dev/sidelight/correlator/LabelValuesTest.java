/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Names that metrics and the API show: changing one breaks dashboards. */
class LabelValuesTest {

  @Test
  void enumsNames_areLowerCase() {
    assertThat(LatencyComponent.SOURCE_SIDECAR_CONNECT.key()).isEqualTo("source_sidecar_connect");
    assertThat(Rollup.SIDECAR.key()).isEqualTo("sidecar");
    assertThat(RequestFlag.NEW_CONNECTION.key()).isEqualTo("new_connection");
    assertThat(PartialReason.NO_SOURCE_PROXY.key()).isEqualTo("no_source_proxy");
  }

  @Test
  void coverage_isInCamelCase() {
    assertThat(Coverage.values())
        .extracting(Coverage::key)
        .containsExactly("full", "alsOnly", "oneSided");
  }
}
