/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.web;

/** Where {@code GET /api/v1/history} comes from. Called on worker threads. */
public interface HistorySource {

  /** Answers, also where what it asks itself fails. */
  Answer history(HistoryQuery query);

  /** Longest window that it can answer, seconds. */
  int maxWindowSeconds();
}
