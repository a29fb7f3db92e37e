/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.graph;

/** A part of a call that an edge between hop nodes shows. */
public enum HopPart {
  /** Queue, work and connecting of the source's sidecar. */
  SOURCE_SIDECAR,
  /** Between the two proxies. */
  NETWORK,
  /** Queue, work and connecting of the destination's sidecar. */
  DESTINATION_SIDECAR,
  /** The destination app: until it has read, worked and sent its response. */
  APPLICATION
}
