/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import static dev.sidelight.correlator.LatencyComponent.APPLICATION;
import static dev.sidelight.correlator.LatencyComponent.NETWORK;
import static dev.sidelight.correlator.LatencyComponent.SOURCE_SIDECAR;
import static dev.sidelight.correlator.LatencyComponent.SOURCE_SIDECAR_CONNECT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class ComponentSumsTest {

  private final ComponentSums sums = new ComponentSums();

  @Test
  void moveMoreThanThereIs_keepsTheSumAndLeavesNothingNegative() {
    sums.add(SOURCE_SIDECAR, 50);
    sums.move(SOURCE_SIDECAR, SOURCE_SIDECAR_CONNECT, 80);

    LatencyBreakdown breakdown = sums.toBreakdown(LatencyBreakdown.ABSENT);
    assertThat(breakdown.nanos(SOURCE_SIDECAR)).isZero();
    assertThat(breakdown.nanos(SOURCE_SIDECAR_CONNECT)).isEqualTo(50);
    assertThat(breakdown.totalNanos()).isEqualTo(50);
  }

  @Test
  void moveOfNothing_makesTheTargetMeasured() {
    sums.add(SOURCE_SIDECAR, 50);
    sums.move(SOURCE_SIDECAR, SOURCE_SIDECAR_CONNECT, -3);

    assertThat(sums.toBreakdown(0).nanos(SOURCE_SIDECAR_CONNECT)).isZero();
  }

  @Test
  void takeFromLargest_goesOnWithTheNextLargest() {
    sums.add(APPLICATION, 30);
    sums.add(NETWORK, 20);
    sums.takeFromLargest(35);

    LatencyBreakdown breakdown = sums.toBreakdown(0);
    assertThat(breakdown.totalNanos()).isEqualTo(15);
    assertThat(breakdown.nanos(APPLICATION)).isZero();
    assertThat(breakdown.nanos(NETWORK)).isEqualTo(15);
  }

  @Test
  void negativeComponent_isAProgrammingError() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> sums.add(NETWORK, -1))
        .withMessageContaining("-1");
  }

  @Test
  void moveFromWhatWasNotMeasured_leavesItAbsent() {
    sums.move(SOURCE_SIDECAR, SOURCE_SIDECAR_CONNECT, 10);

    assertThat(sums.toBreakdown(0).nanos(SOURCE_SIDECAR)).isEqualTo(LatencyBreakdown.ABSENT);
    assertThat(sums.toBreakdown(0).nanos(SOURCE_SIDECAR_CONNECT)).isZero();
  }

  @Test
  void takeMoreThanThereIs_leavesZeros() {
    sums.add(APPLICATION, 30);
    sums.add(NETWORK, 20);
    sums.takeFromLargest(60);

    assertThat(sums.toBreakdown(0).totalNanos()).isZero();
    assertThat(sums.toBreakdown(0).nanos(NETWORK)).isZero();
    assertThat(sums.toBreakdown(0).nanos(SOURCE_SIDECAR)).isEqualTo(LatencyBreakdown.ABSENT);
  }

  @Test
  void addedTwice_isTheSum() {
    sums.add(NETWORK, 20);
    sums.add(NETWORK, 22);

    assertThat(sums.toBreakdown(0).nanos(NETWORK)).isEqualTo(42);
  }
}
