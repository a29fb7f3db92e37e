/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidelight.controller.TestCalls;
import dev.sidelight.correlator.CorrelatedRequest;
import dev.sidelight.correlator.LatencyComponent;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CallChoiceTest {

  @ParameterizedTest
  @CsvSource({
    // slowMillis, ratio, flag, traceparent's flag, millis, reason
    "500, 0, IGNORE, '', 499, ",
    "500, 0, IGNORE, '', 500, slow",
    "0, 0, IGNORE, '', 3600000, ",
    "0, 1, IGNORE, '', 0, ratio",
    "500, 1, IGNORE, '', 500, slow",
    "500, 0, IGNORE, 00, 500, slow",
    "500, 0, IGNORE, 01, 1, ",
    "500, 0, DROP, 00, 500, ",
    "0, 1, DROP, 00, 1, ",
    "500, 0, DROP, 01, 500, slow",
    "500, 0, DROP, 01, 1, ",
    "500, 0, DROP, '', 500, slow",
    "0, 0, FOLLOW, 01, 1, sampled_flag",
    "0, 0, FOLLOW, 00, 1, ",
    "500, 1, FOLLOW, 00, 500, ",
    "500, 0, FOLLOW, '', 500, slow",
    "0, 0, FOLLOW, zz, 1, ",
    "500, 0, FOLLOW, zz, 500, slow"
  })
  void call_isChosenFor(
      long slowMillis, double ratio, SampledFlag flag, String bits, long millis, String reason) {
    CallChoice choice =
        new CallChoice(
            new TracingSettings(
                URI.create("http://127.0.0.1:4318/v1/traces"),
                null,
                TimeUnit.MILLISECONDS.toNanos(slowMillis),
                ratio,
                flag,
                1));
    String traceparent = bits.isEmpty() ? "" : TracedCalls.TRACEPARENT.replaceAll("01$", bits);
    CorrelatedRequest call =
        TestCalls.productpageToReviews()
            .tracedBy(traceparent)
            .taking(LatencyComponent.APPLICATION, TimeUnit.MILLISECONDS.toNanos(millis))
            .call();
    ChosenCall chosen = choice.choose(call);
    assertThat(chosen == null ? null : chosen.reason().key()).isEqualTo(reason);
  }
}
