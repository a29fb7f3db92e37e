/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import static dev.sidelight.correlator.LatencyComponent.APPLICATION;
import static dev.sidelight.correlator.LatencyComponent.APPLICATION_QUEUE;
import static dev.sidelight.correlator.LatencyComponent.NETWORK;
import static dev.sidelight.correlator.LatencyComponent.RETRY;
import static dev.sidelight.correlator.LatencyComponent.SOURCE_SIDECAR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import org.junit.jupiter.api.Test;

class LatencyBreakdownTest {

  private final LatencyBreakdown breakdown =
      LatencyBreakdown.of(
          Map.of(APPLICATION, 2_000_000_000L, APPLICATION_QUEUE, 30L, NETWORK, 500L, RETRY, 0L),
          1_700_000_000L);

  @Test
  void total_isTheSumOfWhatWasMeasured() {
    assertThat(breakdown.totalNanos()).isEqualTo(2_000_000_530L);
    assertThat(breakdown.applicationUpstreamWaitNanos()).isEqualTo(1_700_000_000L);
  }

  @Test
  void componentNotMeasured_isAbsentAndNotZero() {
    assertThat(breakdown.nanos(SOURCE_SIDECAR)).isEqualTo(LatencyBreakdown.ABSENT);
    assertThat(breakdown.nanos(RETRY)).isZero();
    assertThat(breakdown.nanos(NETWORK)).isEqualTo(500);
  }

  @Test
  void rollup_isTheSumOfItsComponentsOrAbsent() {
    assertThat(breakdown.nanos(Rollup.APPLICATION)).isEqualTo(2_000_000_030L);
    assertThat(breakdown.nanos(Rollup.NETWORK)).isEqualTo(500);
    assertThat(breakdown.nanos(Rollup.RETRY)).isZero();
    assertThat(breakdown.nanos(Rollup.SIDECAR)).isEqualTo(LatencyBreakdown.ABSENT);
  }

  @Test
  void everyComponent_isChargedToOneRollup() {
    for (LatencyComponent component : LatencyComponent.values()) {
      LatencyBreakdown one = LatencyBreakdown.of(Map.of(component, 7L), 0);
      for (Rollup rollup : Rollup.values()) {
        assertThat(one.nanos(rollup))
            .as("%s in %s", component, rollup)
            .isEqualTo(rollup == component.rollup() ? 7 : LatencyBreakdown.ABSENT);
      }
    }
  }

  @Test
  void text_namesWhatWasMeasuredInThePathsOrder() {
    assertThat(breakdown)
        .hasToString(
            "total=2000000530 retry=0 network=500 application_queue=30 application=2000000000");
  }

  @Test
  void negativeComponent_isRejectedByName() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LatencyBreakdown.of(Map.of(NETWORK, -1L), 0))
        .withMessage("network is negative: -1");
  }
}
