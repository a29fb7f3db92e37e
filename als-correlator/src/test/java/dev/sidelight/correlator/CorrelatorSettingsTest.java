/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import org.junit.jupiter.api.Test;

class CorrelatorSettingsTest {

  private static final long SECOND_NANOS = 1_000_000_000L;

  @Test
  void leastBounds_areAccepted() {
    assertThatNoException().isThrownBy(() -> new CorrelatorSettings(SECOND_NANOS, 1, 1));
  }

  @Test
  void boundThatCannotWork_isRejectedWithItsValue() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new CorrelatorSettings(SECOND_NANOS - 1, 1, 1))
        .withMessageContaining("999999999");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new CorrelatorSettings(SECOND_NANOS, 0, 7))
        .withMessageContaining("0, 7");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new CorrelatorSettings(SECOND_NANOS, 7, 0))
        .withMessageContaining("7, 0");
  }
}
