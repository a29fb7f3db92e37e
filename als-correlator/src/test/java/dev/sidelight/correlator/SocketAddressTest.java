/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import org.junit.jupiter.api.Test;

class SocketAddressTest {

  @Test
  void port_isAnyOfTcpOrUnknown() {
    assertThat(new SocketAddress("10.0.0.1", 0).port()).isZero();
    assertThat(new SocketAddress("10.0.0.1", 65_535).port()).isEqualTo(65_535);
  }

  @Test
  void portThatTcpDoesNotHave_isRejectedWithItsValue() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SocketAddress("10.0.0.1", 65_536))
        .withMessageContaining("65536");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SocketAddress("10.0.0.1", -1))
        .withMessageContaining("-1");
  }

  @Test
  void addressIsNeverNull() {
    assertThatNullPointerException().isThrownBy(() -> new SocketAddress(null, 1));
  }
}
