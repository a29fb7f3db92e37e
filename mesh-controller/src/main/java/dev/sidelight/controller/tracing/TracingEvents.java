/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.tracing;

/**
 * What became of the calls that were chosen for export: chosen = exported + failed + dropped +
 * pending. Any thread.
 */
public interface TracingEvents {

  /** The collector took so many. */
  void exported(int calls);

  /**
   * The collector did not take so many.
   *
   * @param reason {@code refused}, {@code unreachable}, {@code timeout}, or {@code error} of our
   *     own
   */
  void failed(int calls, String reason);

  /**
   * So many were not sent.
   *
   * @param reason {@code rate}, {@code queue_full} or {@code shutdown}
   */
  void dropped(int calls, String reason);

  /** What one chosen call had for a traceparent. */
  void traceparent(Traceparent found);
}
