/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DestinationPathTest {

  private final TestCall call = new TestCall(1, 5_000_000_000L);

  @Test
  void points_areTheRequestsAndTheResponsesLast() {
    DestinationPath path = path();

    assertThat(path.isComplete()).isTrue();
    assertThat(path.isClamped()).isFalse();
    assertThat(path.startNanos()).isEqualTo(call.point(5));
    assertThat(path.durationNanos()).isEqualTo(call.point(14) - call.point(5));
    assertThat(path.requestNanos()).isEqualTo(150_000);
    assertThat(path.applicationStartNanos()).isEqualTo(call.point(9));
    assertThat(path.applicationEndNanos()).isEqualTo(call.point(10));
  }

  @Test
  void pointNotSeen_isIncomplete() {
    TestEnd upstream = new TestEnd(call.destinationProxy());
    upstream.lastReadNanos = 0;

    DestinationPath path =
        DestinationPath.of(call.linkAcceptor(), upstream.build(), call.destinationApp());

    assertThat(path.isComplete()).isFalse();
  }

  @Test
  void responseSentBeforeTheRequestsEnd_isClamped() {
    call.stepMicros[9] = -30;

    assertThat(path().isClamped()).isTrue();
    assertThat(path().applicationEndNanos()).isEqualTo(call.point(9));
  }

  private DestinationPath path() {
    return DestinationPath.of(call.linkAcceptor(), call.destinationProxy(), call.destinationApp());
  }
}
