/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class UpstreamWaitTest {

  @Test
  void parallelCalls_areNotCountedTwice() {
    TestCall first = new TestCall(1, 1_000_000);
    TestCall second = new TestCall(2, 1_400_000);

    long nanos = UpstreamWait.nanos(List.of(hop(second), hop(first)), 0, 10_000_000);

    assertThat(nanos).isEqualTo(1_400_000);
  }

  @Test
  void whatLiesOutsideTheAppsTime_doesNotCount() {
    TestCall call = new TestCall(1, 1_000_000);

    assertThat(UpstreamWait.nanos(List.of(hop(call)), 1_200_000, 1_500_000)).isEqualTo(300_000);
    assertThat(UpstreamWait.nanos(List.of(hop(call)), 5_000_000, 6_000_000)).isZero();
    assertThat(UpstreamWait.nanos(List.of(), 0, 1)).isZero();
  }

  private static Exchange hop(TestCall call) {
    return new Exchange(call.hops().get(0), 0);
  }
}
