/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.tracing;

/** What the sampled flag of a call's traceparent decides. */
public enum SampledFlag {
  /** Nothing. */
  IGNORE,
  /** A call that says it is not sampled is not exported. */
  DROP,
  /** That, and a call that says it is sampled is exported. */
  FOLLOW
}
