/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.tracing;

import dev.sidelight.correlator.CorrelatedRequest;

/**
 * A call that is exported.
 *
 * @param call the call
 * @param context its trace
 * @param reason why it was chosen
 */
record ChosenCall(CorrelatedRequest call, TraceContext context, Reason reason) {

  /** The first that applies. */
  enum Reason {
    /** It took long enough. */
    SLOW("slow"),
    /** Its traceparent says that it is sampled. */
    SAMPLED_FLAG("sampled_flag"),
    /** Its trace is of the share that is exported. */
    RATIO("ratio");

    private final String key;

    Reason(String key) {
      this.key = key;
    }

    String key() {
      return key;
    }
  }
}
