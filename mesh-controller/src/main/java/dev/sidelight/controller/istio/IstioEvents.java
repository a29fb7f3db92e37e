/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.istio;

/** What is to be counted. One thread at a time. */
public interface IstioEvents {

  /** What was done with one of our objects. */
  enum Outcome {
    /** It was not there. */
    CREATED,
    /** It was otherwise than it should be. */
    REPAIRED,
    /** It should not be there. */
    REMOVED,
    /** The API server did not do it. */
    FAILED
  }

  /**
   * One of our objects was written.
   *
   * @param kind Telemetry or EnvoyFilter
   */
  void written(String kind, Outcome outcome);
}
