/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.overlay;

/** A part of a call that an edge of ours shows. */
public enum Passage {
  /** Queue, work and connecting of the source's sidecar. */
  SOURCE_SIDECAR,
  /** Between the two proxies. */
  NETWORK,
  /** Queue, work and connecting of the destination's sidecar. */
  DESTINATION_SIDECAR
}
