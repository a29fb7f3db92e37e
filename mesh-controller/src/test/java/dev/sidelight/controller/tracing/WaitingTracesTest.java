/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.tracing;

import static dev.sidelight.controller.TestCalls.GATEWAY;
import static dev.sidelight.controller.TestCalls.PRODUCTPAGE;
import static dev.sidelight.controller.TestCalls.REVIEWS_V1;
import static dev.sidelight.controller.tracing.WaitingTraces.LAST_WAIT_NANOS;
import static dev.sidelight.controller.tracing.WaitingTraces.MAX_CALLS;
import static dev.sidelight.controller.tracing.WaitingTraces.WAIT_NANOS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sidelight.controller.TestCalls;
import dev.sidelight.correlator.CorrelatedRequest;
import dev.sidelight.correlator.Workload;
import java.util.List;
import org.junit.jupiter.api.Test;

class WaitingTracesTest {

  private final WaitingTraces waiting = new WaitingTraces();

  @Test
  void trace_leavesWholeOnceItsFirstCallHasWaited() {
    ChosenCall first = call(PRODUCTPAGE, REVIEWS_V1, "r-1");
    ChosenCall second = call(GATEWAY, PRODUCTPAGE, "r-1");
    ChosenCall other = call(GATEWAY, PRODUCTPAGE, "r-2");
    waiting.add(first, 0);
    waiting.add(other, 1);
    waiting.add(second, WAIT_NANOS - 1);
    assertThat(waiting.take(WAIT_NANOS - 1)).isEmpty();
    assertThat(waiting.take(WAIT_NANOS)).containsExactly(List.of(first, second));
    assertThat(waiting.take(WAIT_NANOS + 1)).containsExactly(List.of(other));
    assertThat(waiting.takeAll()).isEmpty();
  }

  @Test
  void callFromOutside_isTheLastThatIsWaitedFor() {
    ChosenCall inner = call(GATEWAY, PRODUCTPAGE, "r-1");
    ChosenCall outer = call(Workload.UNKNOWN, GATEWAY, "r-1");
    waiting.add(inner, 0);
    waiting.add(outer, 1);
    assertThat(waiting.take(LAST_WAIT_NANOS)).isEmpty();
    assertThat(waiting.take(LAST_WAIT_NANOS + 1)).containsExactly(List.of(inner, outer));
  }

  @Test
  void endlessTrace_leavesInPieces() {
    for (int i = 0; i < MAX_CALLS + 1; i++) {
      waiting.add(call(GATEWAY, PRODUCTPAGE, "r-1"), 0);
    }
    assertThat(waiting.take(0)).extracting(List::size).containsExactly(MAX_CALLS);
    assertThat(waiting.takeAll()).extracting(List::size).containsExactly(1);
  }

  private static ChosenCall call(Workload source, Workload destination, String requestId) {
    CorrelatedRequest call = TestCalls.between(source, destination).withRequestId(requestId).call();
    return new ChosenCall(call, TraceContext.of(call), ChosenCall.Reason.RATIO);
  }
}
