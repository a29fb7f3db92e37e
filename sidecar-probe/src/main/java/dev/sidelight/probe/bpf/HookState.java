/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.bpf;

/** What became of a hook. */
public enum HookState {
  /** Loaded and attached. */
  ATTACHED,
  /** This kernel does not have it. */
  ABSENT,
  /** The kernel has it and refused. */
  REFUSED
}
