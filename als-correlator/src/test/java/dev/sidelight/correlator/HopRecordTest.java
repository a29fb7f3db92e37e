/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import org.junit.jupiter.api.Test;

class HopRecordTest {

  private final TestCall call = new TestCall(1, 5_000_000_000L);

  @Test
  void oneEndOrBoth_isARecord() {
    assertThatNoException().isThrownBy(() -> record(call.sourceApp(), call.sourceProxy()));
    assertThatNoException().isThrownBy(() -> record(call.sourceApp(), null));
    assertThatNoException().isThrownBy(() -> record(null, call.sourceProxy()));
  }

  @Test
  void noEnd_isRejected() {
    assertThatIllegalArgumentException().isThrownBy(() -> record(null, null));
  }

  @Test
  void endInTheOthersPlace_isRejected() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> record(call.sourceProxy(), null))
        .withMessageContaining("acceptor in the initiator's place");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> record(null, call.sourceApp()))
        .withMessageContaining("initiator in the acceptor's place");
  }

  private static HopRecord record(ExchangeEnd initiator, ExchangeEnd acceptor) {
    return new HopRecord(TestCall.NODE, TestCall.SOURCE_POD, initiator, acceptor, false);
  }
}
