/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

/** The sidecar's side that an entry is of. */
public enum TrafficDirection {
  /** Towards the app of the pod. */
  INBOUND,
  /** Away from the pod; every entry of a proxy that stands alone. */
  OUTBOUND
}
