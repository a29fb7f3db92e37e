/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.web;

/** Where {@code GET /api/v1/edges} comes from. Called on worker threads. */
@FunctionalInterface
public interface EdgesSource {

  /** JSON of the edges that match, over a window of 5 seconds to an hour. */
  byte[] edges(int windowSeconds, EdgeFilter filter);
}
